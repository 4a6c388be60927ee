import XML
import XMPP

/// An issue's text as XHTML, in the elements and attributes that every reader's client may meet.
///
/// Nothing that is not listed in `allowedAttributes` comes out, whatever the file holds: the
/// elements are made here, one by one, and text is only ever text.
struct XHTMLRendering {
    /// The elements that can occur, each with its attributes.
    static let allowedAttributes: [String: Set<String>] = {
        var allowed: [String: Set<String>] = [
            "div": ["{http://www.w3.org/XML/1998/namespace}lang"],
            "a": ["href", "title"],
            "img": ["src", "alt", "title", "width", "height"],
            "ol": ["start"],
            "code": ["class"],
        ]
        for level in 1...6 { allowed["h\(level)"] = ["id"] }
        let plain = [
            "p", "ul", "li", "em", "strong", "del", "pre", "blockquote", "br", "hr",
            "table", "thead", "tbody", "tr", "th", "td",
        ]
        for name in plain { allowed[name] = [] }
        return allowed
    }()

    /// Where the text is to be read.
    enum Place: Hashable {
        /// In a client, where fragments lead to the page, if it has one.
        case feed(page: String?)

        /// On the issue's own page: fragments stay there, a figure is one for the browser too, and
        /// no heading is as high as `firstLevel` minus one, which is the title's.
        case page(firstLevel: Int)
    }

    /// The elements that can occur on a page besides.
    static let allowedOnPage: [String: Set<String>] = ["figure": [], "figcaption": []]

    let place: Place

    /// How many levels lower the headings are than in the file.
    private let shift: Int

    /// A rendering for clients; `page` is the issue's.
    init(page: String?) {
        self.init(for: .feed(page: page), [])
    }

    /// A rendering of some blocks.
    init(for place: Place, _ blocks: [Block]) {
        self.place = place
        switch place {
        case .feed: shift = 0
        case .page(let firstLevel):
            let levels = blocks.compactMap { $0.heading?.level }
            shift = max(0, firstLevel - (levels.min() ?? firstLevel))
        }
    }

    /// The blocks in a `div`, as Atom wants it (RFC 4287 §3.1.1.3).
    func div(_ blocks: [Block], language: String) -> Element {
        element("div", [.xmlLang: language], nodes(blocks))
    }

    // MARK: - Blocks

    private func nodes(_ blocks: [Block]) -> [Element.Node] {
        blocks.flatMap { nodes($0.content) }
    }

    private func nodes(_ content: Block.Content) -> [Element.Node] {
        switch content {
        case .heading(let heading):
            [node("h\(min(6, heading.level + shift))", ["id": heading.id], nodes(heading.text))]
        case .paragraph(let text): [node("p", nodes(text))]
        case .list(let list): [self.list(list)]
        case .quote(let blocks): [node("blockquote", nodes(blocks))]
        case .code(let language, let text): [code(text, language)]
        case .table(let table): [self.table(table)]
        case .figure(let figure): self.figure(figure)
        case .subscribeBox: []
        case .thematicBreak: [node("hr", [])]
        }
    }

    private func list(_ list: BulletList) -> Element.Node {
        let items = list.items.map { item in
            node("li", item.flatMap { itemNodes($0, isTight: list.isTight) })
        }
        guard let start = list.start else { return node("ul", items) }
        return node("ol", ["start": start == 1 ? nil : String(start)], items)
    }

    private func itemNodes(_ block: Block, isTight: Bool) -> [Element.Node] {
        if isTight, case .paragraph(let text) = block.content { return nodes(text) }
        return nodes(block.content)
    }

    private func code(_ text: String, _ language: String?) -> Element.Node {
        let word = language.map { "language-\($0)" }
        return node("pre", [node("code", ["class": word], [.text(text)])])
    }

    private func table(_ table: Table) -> Element.Node {
        func row(_ cells: [Table.Cell], _ name: String) -> Element.Node {
            node("tr", cells.map { node(name, nodes($0)) })
        }
        let head = node("thead", [row(table.header, "th")])
        guard !table.rows.isEmpty else { return node("table", [head]) }
        return node("table", [head, node("tbody", table.rows.map { row($0, "td") })])
    }

    /// An image in a paragraph of its own, its words in those behind it.
    private func figure(_ figure: Figure) -> [Element.Node] {
        let attributes: Attributes = [
            "src": figure.source,
            "alt": figure.description,
            "title": figure.title,
            "width": figure.width,
            "height": figure.height,
        ]
        var image = node("img", attributes, [])
        if let link = figure.link {
            image = node("a", ["href": address(link)], [image])
        }
        if case .page = place { return [pageFigure(figure, image)] }
        var paragraphs = [node("p", [image])]
        if let title = figure.title {
            paragraphs.append(node("p", [node("strong", [.text(title)])]))
        }
        if !figure.caption.isEmpty {
            paragraphs.append(node("p", [node("em", nodes(figure.caption))]))
        }
        return paragraphs
    }

    /// An image with its title and caption, as browsers and screen readers know it.
    private func pageFigure(_ figure: Figure, _ image: Element.Node) -> Element.Node {
        var words: [Element.Node] = []
        if let title = figure.title {
            words += [node("strong", [.text(title)])]
            if !figure.caption.isEmpty { words.append(.text(" ")) }
        }
        words += nodes(figure.caption)
        return node("figure", [image] + (words.isEmpty ? [] : [node("figcaption", words)]))
    }

    private func address(_ target: LinkTarget) -> String {
        switch place {
        case .feed(let page): target.address(on: page)
        case .page: target.address(on: nil)
        }
    }

    // MARK: - Inlines

    private func nodes(_ inlines: [Inline]) -> [Element.Node] {
        inlines.flatMap { nodes($0) }
    }

    private func nodes(_ inline: Inline) -> [Element.Node] {
        switch inline {
        case .text(let text): [.text(text)]
        case .emphasis(let content): [node("em", nodes(content))]
        case .strong(let content): [node("strong", nodes(content))]
        case .strikethrough(let content): [node("del", nodes(content))]
        case .code(let text): [node("code", [.text(text)])]
        case .link(let link):
            [
                node(
                    "a",
                    ["href": address(link.target), "title": link.title],
                    nodes(link.content)
                )
            ]
        case .image(let image):
            [
                node(
                    "img",
                    ["src": image.source, "alt": image.description, "title": image.title],
                    []
                )
            ]
        case .softBreak: [.text("\n")]
        case .hardBreak: [node("br", []), .text("\n")]
        }
    }

    // MARK: - Elements

    private func node(_ name: String, _ children: [Element.Node]) -> Element.Node {
        node(name, [:], children)
    }

    private func node(
        _ name: String,
        _ attributes: Attributes,
        _ children: [Element.Node]
    ) -> Element.Node {
        .element(element(name, attributes, children))
    }

    private func element(
        _ name: String,
        _ attributes: Attributes,
        _ children: [Element.Node]
    ) -> Element {
        Element(name, in: .xhtml, attributes) { Self.joined(children) }
    }

    /// Texts that meet become one, as a parser would give them.
    private static func joined(_ nodes: [Element.Node]) -> [Element.Node] {
        var result: [Element.Node] = []
        for node in nodes {
            switch (result.last, node) {
            case (_, .text("")): break
            case (.text(let before), .text(let text)):
                result[result.count - 1] = .text(before + text)
            default: result.append(node)
            }
        }
        return result
    }
}
