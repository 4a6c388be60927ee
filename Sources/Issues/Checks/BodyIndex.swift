/// All links and images of an issue's text, in its order.
struct BodyIndex {
    private(set) var links: [Link] = []
    private(set) var images: [Image] = []
    private(set) var figures: [(figure: Figure, place: SourcePlace)] = []

    init(_ blocks: [Block]) {
        add(blocks)
    }

    private mutating func add(_ blocks: [Block]) {
        for block in blocks {
            switch block.content {
            case .heading(let heading): add(heading.text)
            case .paragraph(let text): add(text)
            case .list(let list): list.items.forEach { add($0) }
            case .quote(let blocks): add(blocks)
            case .table(let table): (table.header + table.rows.joined()).forEach { add($0) }
            case .figure(let figure):
                figures.append((figure, block.place))
                add(figure.caption)
            case .code, .subscribeBox, .thematicBreak: break
            }
        }
    }

    private mutating func add(_ inlines: [Inline]) {
        for inline in inlines {
            switch inline {
            case .emphasis(let content), .strong(let content), .strikethrough(let content):
                add(content)
            case .link(let link):
                links.append(link)
                add(link.content)
            case .image(let image): images.append(image)
            case .text, .code, .softBreak, .hardBreak: break
            }
        }
    }
}
