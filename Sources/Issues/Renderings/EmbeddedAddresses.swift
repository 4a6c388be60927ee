/// What blocks show and where they lead: the addresses of images and links, in order, each once.
struct EmbeddedAddresses {
    private(set) var images: [String] = []
    private(set) var links: [String] = []
    private var seenImages: Set<String> = []
    private var seenLinks: Set<String> = []

    init(_ blocks: some Sequence<Block>) {
        for block in blocks { add(block) }
    }

    private mutating func add(_ block: Block) {
        switch block.content {
        case .figure(let figure): add(figure)
        case .paragraph(let text): add(text)
        case .heading(let heading): add(heading.text)
        case .quote(let blocks): for block in blocks { add(block) }
        case .list(let list): for block in list.items.joined() { add(block) }
        case .table(let table): for cell in table.header + table.rows.joined() { add(cell) }
        case .code, .subscribeBox, .thematicBreak: break
        }
    }

    private mutating func add(_ figure: Figure) {
        addImage(figure.source)
        if let link = figure.link { add(link) }
        add(figure.caption)
    }

    private mutating func add(_ inlines: [Inline]) {
        for inline in inlines {
            switch inline {
            case .image(let image): addImage(image.source)
            case .link(let link):
                add(link.target)
                add(link.content)
            case .emphasis(let content), .strong(let content), .strikethrough(let content):
                add(content)
            case .text, .code, .softBreak, .hardBreak: break
            }
        }
    }

    private mutating func add(_ target: LinkTarget) {
        if case .address(let address) = target, seenLinks.insert(address).inserted {
            links.append(address)
        }
    }

    private mutating func addImage(_ address: String) {
        if seenImages.insert(address).inserted { images.append(address) }
    }
}
