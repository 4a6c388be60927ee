import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A feed read back, and everything in it that RFC 4287 or RFC 5005 does not allow.
final class FeedDocument: NSObject, XMLParserDelegate {
    final class Node {
        let name: String
        let namespace: String
        let attributes: [String: String]
        var text = ""
        var children: [Node] = []

        init(_ name: String, _ namespace: String, _ attributes: [String: String]) {
            self.name = name
            self.namespace = namespace
            self.attributes = attributes
        }

        func all(_ name: String) -> [Node] {
            children.filter { $0.name == name && $0.namespace == FeedDocument.atom }
        }

        func links(_ relation: String) -> [String] {
            all("link").filter { ($0.attributes["rel"] ?? "alternate") == relation }
                .compactMap { $0.attributes["href"] }
        }
    }

    static let atom = "http://www.w3.org/2005/Atom"
    static let history = "http://purl.org/syndication/history/1.0"

    private var open: [Node] = []
    private(set) var root: Node?
    private(set) var problems: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.shouldProcessNamespaces = true
        parser.delegate = self
        if !parser.parse() { problems.append("not well-formed") }
        if let root { check(root) }
    }

    var entries: [Node] { root?.all("entry") ?? [] }
    var isArchive: Bool {
        root?.children.contains { $0.name == "archive" && $0.namespace == Self.history } ?? false
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        let node = Node(name, namespaceURI ?? "", attributes)
        if let last = open.last { last.children.append(node) } else { root = node }
        open.append(node)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open.last?.text += text }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
    }

    // MARK: - Rules

    private func check(_ feed: Node) {
        demand(feed.name == "feed" && feed.namespace == Self.atom, "the root is a feed")
        one(of: ["id", "title", "updated"], in: feed)
        demand(feed.links("self").count == 1, "a feed links to itself (§4.1.1)")
        alternates(of: feed)
        let ids = feed.all("entry").compactMap { $0.all("id").first?.text }
        demand(Set(ids).count == ids.count, "ids of entries differ (§4.1.1)")
        for entry in feed.all("entry") { check(entry: entry, in: feed) }
    }

    private func check(entry: Node, in feed: Node) {
        one(of: ["id", "title", "updated"], in: entry)
        demand(entry.all("published").count == 1, "an entry says when it was published")
        demand(!entry.all("author").isEmpty || !feed.all("author").isEmpty, "an author (§4.1.2)")
        demand(entry.all("summary").count <= 1, "at most one summary (§4.1.2)")
        alternates(of: entry)
        let contents = entry.all("content")
        demand(contents.count == 1, "one content (§4.1.2)")
        let content = contents.first
        demand(content?.attributes["type"] == "xhtml", "the content is XHTML")
        let div = content?.children.first
        demand(
            content?.children.count == 1 && div?.name == "div"
                && div?.namespace == "http://www.w3.org/1999/xhtml",
            "XHTML is one div (§3.1.1.3)"
        )
        for date in entry.all("published") + entry.all("updated") {
            demand(date.text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "a date")
        }
        for id in entry.all("id") {
            demand(id.text.wholeMatch(of: /tag:[^:]+,\d{4}-\d\d-\d\d:[^ <>]+/) != nil, "a tag URI")
        }
    }

    private func one(of names: [String], in node: Node) {
        for name in names {
            demand(node.all(name).count == 1, "\(node.name) has one \(name) (§4.1)")
            demand(node.all(name).first?.text.isEmpty == false, "\(name) is not empty")
        }
    }

    /// No two alternates of one type and language (§4.1.1, §4.1.2).
    private func alternates(of node: Node) {
        let keys = node.all("link").filter { $0.attributes["rel"] == "alternate" }.map { link in
            "\(link.attributes["type"] ?? "") \(link.attributes["hreflang"] ?? "")"
        }
        demand(Set(keys).count == keys.count, "alternates differ (§4.1.1)")
    }

    private func demand(_ isMet: Bool, _ rule: String) {
        if !isMet { problems.append(rule) }
    }
}
