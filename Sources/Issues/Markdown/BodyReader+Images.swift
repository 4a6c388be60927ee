extension BodyReader {
    mutating func image(_ node: MarkdownNode) -> [Piece] {
        let place = place(of: node)
        let wasInLink = isInLink
        isInLink = true
        let content = enclosed(node) { .emphasis($0) }
        isInLink = wasInLink
        var description = ""
        if case .inline(let inline) = content.first { description = inline.plainText }
        let address = withoutPlaceholders(node.address)
        guard let source = imageSource(address, at: place) else {
            return description.isEmpty ? [] : [.inline(.text(description))]
        }
        let title = node.title.isEmpty ? nil : withoutPlaceholders(node.title)
        let image = Image(source: source, description: description, title: title, place: place)
        return [.inline(.image(image))]
    }

    private mutating func imageSource(_ address: String, at place: SourcePlace) -> String? {
        guard let target = target(address, at: place) else { return nil }
        guard case .address(let source) = target, source.hasPrefix("http") else {
            log.warning(
                .linkScheme,
                at: place,
                "'\(address)' can't be an image. Give its path on the site or its https: address."
            )
            return nil
        }
        return source
    }

    mutating func figure(
        _ arguments: FigureArguments,
        at place: SourcePlace
    ) -> Figure? {
        guard let source = imageSource(arguments[.src] ?? "", at: place) else { return nil }
        let caption = arguments[.caption].map { inlines(ofMarkdown: $0, at: place) } ?? []
        return Figure(
            source: source,
            description: arguments[.alt] ?? caption.plainText,
            title: arguments[.title],
            caption: caption,
            link: arguments[.link].flatMap { target($0, at: place) },
            width: arguments[.width].flatMap(Self.length),
            height: arguments[.height].flatMap(Self.length)
        )
    }

    /// `300`, `300px` or `50%`, as HTML wants it.
    private static func length(_ text: String) -> String? {
        let digits = text.hasSuffix("px") ? String(text.dropLast(2)) : text
        let number = digits.hasSuffix("%") ? digits.dropLast() : digits[...]
        guard (1...5).contains(number.utf8.count), UInt(number) != nil, !number.hasPrefix("+")
        else {
            return nil
        }
        return digits
    }

    /// A caption is Markdown, but without blocks.
    private mutating func inlines(ofMarkdown text: String, at place: SourcePlace) -> [Inline] {
        var reader = BodyReader(
            resolver: resolver,
            source: BodySource("", firstLine: place.line),
            prepared: PreparedText(sentinel: prepared.sentinel),
            log: FindingLog(file: log.file)
        )
        let blocks = MarkdownNode.withTree(of: Array(text.utf8)) { reader.blocks(in: $0) } ?? []
        for finding in reader.log.findings {
            log.warning(finding.rule, at: place, finding.message)
        }
        fragments += reader.fragments.map { ($0.id, place) }
        guard blocks.count == 1, case .paragraph(let inlines) = blocks[0].content else {
            return blocks.isEmpty ? [] : [.text(text)]
        }
        return inlines
    }
}
