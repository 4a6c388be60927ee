public import XML
import XMPP

/// An issue as the payload of its PubSub item: an Atom entry (RFC 4287, XEP-0277, XEP-0472).
public struct AtomEntry: Sendable {
    public struct Author: Hashable, Sendable {
        public var name: String

        /// An `xmpp:` address; Movim shows an author only if it is the item's publisher.
        public var uri: String?

        public init(name: String, uri: String? = nil) {
            self.name = name
            self.uri = uri
        }
    }

    /// The same issue in another language.
    public struct Translation: Hashable, Sendable {
        public var language: String
        public var address: String

        public init(language: String, address: String) {
            self.language = language
            self.address = address
        }
    }

    public var issue: NewsletterIssue

    /// The entry's id, the same for ever.
    public var id: String

    /// RFC 3339, as `updated`.
    public var published: String
    public var updated: String
    public var author: Author
    public var rights: String?

    /// The `xmpp:` address of the item.
    public var itemAddress: String?
    public var translations: [Translation]

    /// Where the images' sizes can be found out; without it they are not told.
    public var images: ImageFolder?

    public init(
        of issue: NewsletterIssue,
        id: String,
        published: String,
        updated: String,
        author: Author,
        rights: String? = nil,
        itemAddress: String? = nil,
        translations: [Translation] = [],
        images: ImageFolder? = nil
    ) {
        self.issue = issue
        self.id = id
        self.published = published
        self.updated = updated
        self.author = author
        self.rights = rights
        self.itemAddress = itemAddress
        self.translations = translations
        self.images = images
    }

    /// Whether summary and link stand for the text, since servers would refuse all of it.
    public private(set) var isAbridged = false

    /// The entry, with summary and link in the place of a text that would make it larger than the
    /// limit, in bytes.
    public func fitting(_ limit: Int) -> AtomEntry {
        guard element.xml().utf8.count > limit else { return self }
        var entry = self
        entry.isAbridged = true
        return entry
    }

    public var element: Element { element(withText: true) }

    /// The entry in a feed on the web, with the XHTML alone: RFC 4287 §4.1.2 allows one content.
    public var webElement: Element { element(withText: false) }

    private func element(withText: Bool) -> Element {
        Element("entry", in: .atom, [.xmlLang: issue.language]) {
            Element("title", ["type": "text"]) { issue.title }
            Element("id") { id }
            Element("published") { published }
            Element("updated") { updated }
            Element("author") {
                Element("name") { author.name }
                author.uri.map { uri in Element("uri") { uri } }
            }
            issue.frontMatter.categories.map { Element("category", ["term": $0]) }
            rights.map { rights in Element("rights") { rights } }
            issue.lead().map { lead in Element("summary", ["type": "text"]) { lead } }
            // XEP-0472 §4.1 wants both for clients that can't show XHTML.
            if withText {
                Element("content", ["type": "text"]) {
                    isAbridged
                        ? issue.abridgedText(link: itemAddress)
                        : PlainTextRendering(language: issue.language).text(of: issue.body)
                }
            }
            Element("content", ["type": "xhtml"]) {
                isAbridged
                    ? issue.abridgedXHTML(link: itemAddress)
                    : XHTMLRendering(page: issue.webAddress)
                        .div(issue.body, language: issue.language)
            }
            links
        }
    }

    private var links: [Element] {
        var links: [Element] = []
        if let address = issue.webAddress {
            links.append(
                Element("link", ["rel": "alternate", "type": "text/html", "href": address])
            )
        }
        if let itemAddress {
            links.append(Element("link", ["rel": "alternate", "href": itemAddress]))
        }
        for translation in translations {
            links.append(
                Element(
                    "link",
                    [
                        "rel": "related",
                        "hreflang": translation.language,
                        "href": translation.address,
                    ]
                )
            )
        }
        return links + (isAbridged ? [] : issue.imageSources.map(enclosure))
    }

    private func enclosure(_ address: String) -> Element {
        let length = images?.size(of: address).map { String($0) }
        let type = MediaType.ofImage(at: address)
        return Element(
            "link",
            ["rel": "enclosure", "type": type, "length": length, "href": address]
        )
    }
}
