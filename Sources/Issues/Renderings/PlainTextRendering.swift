/// An issue's text for clients that show plain text, with the styling of XEP-0393 where it reads
/// well even if nothing interprets it.
struct PlainTextRendering {
    private let labels: Labels
    private let direction: TextDirection

    init(language: String) {
        labels = Labels(in: language)
        direction = TextDirection(of: language)
    }

    /// The blocks with an empty line between them.
    func text(of blocks: [Block]) -> String {
        let levels = blocks.compactMap { block in
            if case .heading(let heading) = block.content { heading.level } else { nil }
        }
        let context = Context(sectionLevel: NewsletterIssue.sectionLevel(of: levels) ?? 1)
        return blocks.map { lines($0, context).joined(separator: "\n") }
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private struct Context {
        /// Headings of this level and above are those of sections.
        var sectionLevel: Int
        var isInList = false
    }

    // MARK: - Blocks

    private func lines(_ block: Block, _ context: Context) -> [String] {
        switch block.content {
        case .heading(let heading): self.heading(heading, context)
        case .paragraph(let text): paragraph(text, context)
        case .list(let list): self.list(list, context)
        case .quote(let blocks): quote(blocks, context)
        case .code(_, let text): code(text)
        case .table(let table): self.table(table)
        case .figure(let figure): self.figure(figure)
        case .subscribeBox: []
        case .thematicBreak: ["———"]
        }
    }

    private func heading(_ heading: Heading, _ context: Context) -> [String] {
        let text = heading.text.plainText.joiningLines()
        guard !text.isEmpty else { return [] }
        let mark: Character = heading.level <= context.sectionLevel ? "*" : "_"
        return [text.contains(mark) ? text : "\(mark)\(text)\(mark)"]
    }

    private func paragraph(_ text: [Inline], _ context: Context) -> [String] {
        self.text(text).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // A blank keeps a line from being taken for a quotation or the start of code.
            !context.isInList && (line.hasPrefix(">") || line.hasPrefix("```"))
                ? " \(line)" : String(line)
        }
    }

    private func list(_ list: BulletList, _ context: Context) -> [String] {
        var context = context
        context.isInList = true
        return list.items.enumerated().flatMap { index, item in
            let marker = list.start.map { "\($0 + index). " } ?? "- "
            let lines = item.flatMap { self.lines($0, context) }
            return Self.hanging(lines.isEmpty ? [""] : lines, marker)
        }
    }

    /// The first line behind the marker, the others two blanks in.
    private static func hanging(_ lines: [String], _ marker: String) -> [String] {
        lines.enumerated().map { index, line in
            if index == 0 { return marker + line }
            return line.isEmpty ? line : "  " + line
        }
    }

    private func quote(_ blocks: [Block], _ context: Context) -> [String] {
        var lines: [String] = []
        for block in blocks {
            if !lines.isEmpty { lines.append("") }
            lines += self.lines(block, context)
        }
        return lines.map { $0.isEmpty ? ">" : "> \($0)" }
    }

    private func code(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("```") ? " \(line)" : String(line)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return ["```"] + lines + ["```"]
    }

    private func table(_ table: Table) -> [String] {
        ([table.header] + table.rows).map { row in
            row.map { text($0) }.joined(separator: " | ")
        }
    }

    private func figure(_ figure: Figure) -> [String] {
        let words = figure.caption.isEmpty ? figure.description : text(figure.caption)
        let title = figure.title.map { words.isEmpty ? $0 : "\($0). \(words)" } ?? words
        return image(title, figure.source).split(separator: "\n").map(String.init)
    }

    private func image(_ words: String, _ source: String) -> String {
        // Where an address may be carried off to the other end of the line, it gets one of its own.
        let separator = direction == .rightToLeft ? "\n" : " "
        return "[\(labels.image)\(words.isEmpty ? "" : ": \(words)")]\(separator)\(source)"
    }

    /// An address amidst a text that is written from right to left.
    ///
    /// Else its signs would be sorted in among the words around it. The brackets keep the invisible
    /// characters out of what clients take for the address.
    private func isolated(_ address: String) -> String {
        direction == .rightToLeft ? "\u{2066}\(address)\u{2069}" : address
    }

    // MARK: - Inlines

    /// The words of a line, hard breaks as line ends.
    func text(_ inlines: [Inline]) -> String {
        let parts = inlines.map { part($0) }
        var result = ""
        for (index, part) in parts.enumerated() {
            let next = index + 1 < parts.count ? parts[index + 1].text.first : nil
            result += part.styled(after: result.last, before: next)
        }
        return result
    }

    /// A part of a line and the sign that styles it, if any.
    private struct Part {
        var text: String
        var mark: String?

        /// XEP-0393 §7.1 asks for blanks around styled text; amidst a word, or around the same
        /// sign, the signs would only be noise.
        func styled(after before: Character?, before after: Character?) -> String {
            guard let mark, !text.isEmpty, !text.contains(mark), !text.contains("\n"),
                text.first != " ", text.last != " ",
                before.map({ !$0.isLetter && !$0.isNumber }) ?? true,
                after.map({ !$0.isLetter && !$0.isNumber }) ?? true
            else { return text }
            return mark + text + mark
        }
    }

    private func part(_ inline: Inline) -> Part {
        switch inline {
        case .text(let text): Part(text: text)
        case .emphasis(let content): Part(text: text(content), mark: "_")
        case .strong(let content): Part(text: text(content), mark: "*")
        case .strikethrough(let content): Part(text: text(content), mark: "~")
        case .code(let text): Part(text: text, mark: "`")
        case .link(let link): Part(text: self.link(link))
        case .image(let image): Part(text: self.image(image.description, image.source))
        case .softBreak: Part(text: " ")
        case .hardBreak: Part(text: "\n")
        }
    }

    private func link(_ link: Link) -> String {
        let words = text(link.content)
        // A place on the page is nowhere in a chat.
        guard case .address(let address) = link.target else { return words }
        let plain = link.content.plainText
        if plain == address || "mailto:\(plain)" == address { return plain }
        return words.isEmpty ? address : "\(words) \(isolated("<\(address)>"))"
    }
}
