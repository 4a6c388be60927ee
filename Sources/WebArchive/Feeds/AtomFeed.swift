import XML
import XMPP

/// A feed of issues, or of their sections on a topic (RFC 4287), in documents (RFC 5005).
struct AtomFeed: Sendable {
    struct Entry: Sendable {
        let element: Element
        let updated: String
    }

    var id: String
    var title: String
    var language: String
    var author: String
    var rights: String?

    /// The page that shows the same.
    var page: String

    /// Where the documents are: the feed itself, and archive document `n`, from 1.
    var address: String
    var archiveAddress: @Sendable (Int) -> String

    /// The `updated` of a feed that has no entries.
    var created: String

    /// Newest first.
    var entries: [Entry]

    /// The documents: first the feed, then archive documents 1 to n.
    func documents(pageSize: Int) -> [String] {
        let pages = FeedPages(entries, size: pageSize)
        let count = pages.archives.count
        var current = links(self: address)
        if count > 0 {
            current += [link("prev-archive", archiveAddress(count))]
            current += [link("next", archiveAddress(count))]
        }
        current += edges(count)
        let documents = [document(pages.current, current, isArchive: false)]
        return documents
            + pages.archives.enumerated().map { index, entries in
                let number = index + 1
                var links = links(self: archiveAddress(number))
                links.append(link("current", address))
                if number > 1 {
                    links.append(link("prev-archive", archiveAddress(number - 1)))
                    links.append(link("next", archiveAddress(number - 1)))
                }
                let newer = number < count ? archiveAddress(number + 1) : address
                // The feed itself is no archive document (RFC 5005 §4).
                if number < count { links.append(link("next-archive", newer)) }
                links.append(link("previous", newer))
                links += edges(count)
                return document(entries, links, isArchive: true)
            }
    }

    private func links(self own: String) -> [Element] {
        [
            Element("link", ["rel": "self", "type": "application/atom+xml", "href": own]),
            Element(
                "link",
                ["rel": "alternate", "type": "text/html", "hreflang": language, "href": page]
            ),
        ]
    }

    /// The first and the last page (RFC 5005 §3), the newest entries being first.
    private func edges(_ count: Int) -> [Element] {
        guard count > 0 else { return [] }
        return [link("first", address), link("last", archiveAddress(1))]
    }

    private func link(_ relation: String, _ address: String) -> Element {
        Element("link", ["rel": relation, "type": "application/atom+xml", "href": address])
    }

    private func document(_ entries: [Entry], _ links: [Element], isArchive: Bool) -> String {
        let feed = Element("feed", in: .atom, [.xmlLang: language]) {
            Element("id") { id }
            Element("title", ["type": "text"]) { title }
            Element("updated") { entries.map(\.updated).max() ?? created }
            Element("author") { Element("name") { author } }
            rights.map { rights in Element("rights") { rights } }
            Element("generator") { "Broadsheet" }
            if isArchive { Element("archive", in: .feedHistory) }
            links
            entries.map(\.element)
        }
        return "<?xml version='1.0' encoding='UTF-8'?>\n" + feed.xml() + "\n"
    }
}
