import Issues

/// The words of blocks as plain text, and the texts of their links.
struct BlockText {
    private(set) var text = ""
    private(set) var linkTexts: [String] = []

    init(_ blocks: some Sequence<Block>) {
        for block in blocks { add(block) }
    }

    private mutating func add(_ block: Block) {
        switch block.content {
        case .heading(let heading): add(heading.text)
        case .paragraph(let text): add(text)
        case .list(let list): for block in list.items.joined() { add(block) }
        case .quote(let blocks): for block in blocks { add(block) }
        case .code(_, let code): text += code + "\n"
        case .table(let table): for cell in table.header + table.rows.joined() { add(cell) }
        case .figure(let figure):
            text += figure.description + "\n"
            add(figure.caption)
        case .subscribeBox, .thematicBreak: break
        }
    }

    private mutating func add(_ inlines: [Inline]) {
        text += inlines.plainText + "\n"
        collectLinks(inlines)
    }

    private mutating func collectLinks(_ inlines: [Inline]) {
        for inline in inlines {
            switch inline {
            case .link(let link): linkTexts.append(link.content.plainText)
            case .emphasis(let content), .strong(let content), .strikethrough(let content):
                collectLinks(content)
            case .text, .code, .image, .softBreak, .hardBreak: break
            }
        }
    }
}
