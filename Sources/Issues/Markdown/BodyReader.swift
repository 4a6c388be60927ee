import Spelling

/// Makes the blocks of an issue's text out of cmark's tree and the shortcodes.
struct BodyReader {
    let resolver: AddressResolver
    let source: BodySource
    let prepared: PreparedText
    var ids = HeadingIDs()
    var log: FindingLog

    /// The links to places on the page; whether these exist is known only at the end.
    var fragments: [(id: String, place: SourcePlace)] = []

    /// How many nodes enclose the one being read.
    var depth = 0

    /// Whether what is being read is the text of a link, which can't hold another.
    var isInLink = false

    /// Trees deeper than this would only exhaust somebody's stack.
    static let deepest = 48

    static func read(
        _ text: String,
        firstLine: Int,
        resolver: AddressResolver,
        sections: SectionNames = SectionNames(),
        log: inout FindingLog
    ) -> [Block] {
        let source = BodySource(text, firstLine: firstLine)
        let codeLines = source.bytes.contains(UInt8(ascii: "{")) ? Self.codeLines(of: source) : []
        let prepared = ShortcodeReader.prepare(source, codeLines: codeLines, log: &log)
        var reader = BodyReader(
            resolver: resolver,
            source: source,
            prepared: prepared,
            log: log
        )
        let blocks = MarkdownNode.withTree(of: prepared.text) { reader.blocks(in: $0) } ?? []
        reader.checkFragments(sections)
        log = reader.log
        return blocks
    }

    private static func codeLines(of source: BodySource) -> Set<Int> {
        var lines: Set<Int> = []
        func visit(_ node: MarkdownNode, _ depth: Int) {
            guard depth < deepest else { return }
            for child in node.children {
                switch child.kind {
                case .code: lines.formUnion(child.lines)
                case .quote, .list, .item: visit(child, depth + 1)
                default: break
                }
            }
        }
        _ = MarkdownNode.withTree(of: source.bytes) { visit($0, 0) }
        return lines
    }

    private mutating func checkFragments(_ sections: SectionNames) {
        // Comparing is costly, and no issue has as many headings.
        let candidates = Array(ids.all.sorted().prefix(200))
        for (id, place) in fragments.filter({ !ids.all.contains($0.id) }).prefix(200) {
            let nearest =
                sections.sameSection(as: id, among: candidates)
                ?? NearestName.to(id, among: candidates, tolerance: .half)
            let hint =
                nearest.map { "The nearest is '#\($0)'." }
                ?? "Take the heading's text in lower case, with hyphens for blanks."
            log.warning(
                .fragmentDead,
                at: place,
                "No heading has the id '\(id)'. \(hint)",
                suggestion: nearest.map { "#\($0)" }
            )
        }
    }

    // MARK: - Blocks

    mutating func blocks(in node: MarkdownNode) -> [Block] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            log.error(
                .nesting,
                at: place(of: node),
                "Blocks are nested more than \(Self.deepest) deep here. Take some of them out."
            )
            return []
        }
        var blocks: [Block] = []
        for child in node.children {
            blocks += self.blocks(of: child)
        }
        return blocks
    }

    /// Mostly one block; a paragraph with figures in it is several.
    private mutating func blocks(of node: MarkdownNode) -> [Block] {
        let place = place(of: node)
        switch node.kind {
        case .heading: return heading(node, at: place)
        case .paragraph: return paragraphs(pieces(in: node), at: place)
        case .list: return list(node).opened(at: place)
        case .quote: return [Block(.quote(blocks(in: node)), at: place)]
        case .code:
            return [Block(.code(language: node.codeLanguage, text: node.literal), at: place)]
        case .thematicBreak: return [Block(.thematicBreak, at: place)]
        case .html: return paragraphs(html(node.literal, at: place), at: place)
        case .table: return table(node, at: place)
        default: return paragraphs(pieces(of: node, after: nil), at: place)
        }
    }

    private mutating func heading(_ node: MarkdownNode, at place: SourcePlace) -> [Block] {
        let (text, figures) = separated(pieces(in: node))
        let id = ids.id(for: text.plainText)
        let heading = Heading(level: node.headingLevel, id: id, text: text)
        return [Block(.heading(heading), at: place)] + figures
    }

    private mutating func list(_ node: MarkdownNode) -> BulletList {
        var items: [[Block]] = []
        for item in node.children {
            items.append(blocks(in: item))
        }
        return BulletList(start: node.listStart, isTight: node.isTight, items: items)
    }

    private mutating func table(_ node: MarkdownNode, at place: SourcePlace) -> [Block] {
        var table = Table(header: [], rows: [])
        var figures: [Block] = []
        for row in node.children {
            var cells: [Table.Cell] = []
            for cell in row.children {
                let (text, blocks) = separated(pieces(in: cell))
                cells.append(text)
                figures += blocks
            }
            if row.kind == .tableHeader {
                table.header = cells
            } else {
                table.rows.append(cells)
            }
        }
        return [Block(.table(table), at: place)] + figures
    }

    /// The text before a figure, the figure, the text behind it: blocks of their own.
    private func paragraphs(_ pieces: [Piece], at place: SourcePlace) -> [Block] {
        var blocks: [Block] = []
        var text: [Inline] = []
        func endParagraph() {
            let trimmed = text.trimmingBreaks()
            if !trimmed.isEmpty { blocks.append(Block(.paragraph(trimmed), at: place)) }
            text = []
        }
        for piece in pieces {
            switch piece {
            case .inline(let inline): text.append(inline)
            case .block(let block):
                endParagraph()
                blocks.append(block)
            }
        }
        endParagraph()
        return blocks
    }

    /// The text, and the figures that stood in it: for places that can hold text only.
    private func separated(_ pieces: [Piece]) -> (text: [Inline], blocks: [Block]) {
        var text: [Inline] = []
        var blocks: [Block] = []
        for piece in pieces {
            switch piece {
            case .inline(let inline): text.append(inline)
            case .block(let block): blocks.append(block)
            }
        }
        return (text.trimmingBreaks(), blocks)
    }

    func place(of node: MarkdownNode) -> SourcePlace {
        let line = node.lines.lowerBound
        guard prepared.sourceLines.indices.contains(line) else { return .start }
        return source.place(line: prepared.sourceLines[line], byteColumn: node.column)
    }
}

extension [Inline] {
    /// Without breaks and blanks at its ends; empty if there is nothing else.
    func trimmingBreaks() -> [Inline] {
        var result = self
        while let last = result.last, last.isBlank { result.removeLast() }
        while let first = result.first, first.isBlank { result.removeFirst() }
        if case .text(let text) = result.last {
            result[result.count - 1] = .text(text.trimmingBlanks(atStart: false))
        }
        if case .text(let text) = result.first {
            result[0] = .text(text.trimmingBlanks(atEnd: false))
        }
        return result
    }
}

extension Inline {
    fileprivate var isBlank: Bool {
        switch self {
        case .softBreak, .hardBreak: true
        case .text(let text): text.utf8.allSatisfy { $0 == UInt8(ascii: " ") }
        default: false
        }
    }
}
