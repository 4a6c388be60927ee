extension BodyReader {
    /// A part of a line, or a figure that stands in it.
    enum Piece {
        case inline(Inline)
        case block(Block)
    }

    mutating func pieces(in node: MarkdownNode) -> [Piece] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            log.error(
                .nesting,
                at: place(of: node),
                "Styles are nested more than \(Self.deepest) deep here. Take some of them out."
            )
            return []
        }
        var pieces: [Piece] = []
        for child in node.children {
            let next = self.pieces(of: child, after: pieces.last)
            for piece in next {
                pieces.append(joining: piece)
            }
        }
        return isInLink ? pieces : linkingAddresses(in: pieces, at: place(of: node))
    }

    /// Makes links of the addresses in the texts, which are whole only now.
    private func linkingAddresses(in pieces: [Piece], at place: SourcePlace) -> [Piece] {
        pieces.flatMap { piece in
            guard let text = piece.text else { return [piece] }
            return BareAddress.pieces(in: text, at: place, resolver)
        }
    }

    mutating func pieces(of node: MarkdownNode, after previous: Piece?) -> [Piece] {
        switch node.kind {
        case .text: return text(node.literal)
        case .softBreak: return [.inline(.softBreak)]
        case .hardBreak: return [.inline(.hardBreak)]
        case .inlineCode: return [.inline(.code(node.literal))]
        case .inlineHTML: return html(node.literal, at: place(of: node))
        case .emphasis: return enclosed(node) { .emphasis($0) }
        case .strong: return enclosed(node) { .strong($0) }
        case .strikethrough: return enclosed(node) { .strikethrough($0) }
        case .link: return link(node, after: previous)
        case .image: return image(node)
        default: return pieces(in: node)
        }
    }

    /// What a style encloses, styled, and behind it the figures that stood there.
    mutating func enclosed(
        _ node: MarkdownNode,
        as style: ([Inline]) -> Inline
    ) -> [Piece] {
        var content: [Inline] = []
        var blocks: [Piece] = []
        for piece in pieces(in: node) {
            switch piece {
            case .inline(let inline): content.append(inline)
            case .block: blocks.append(piece)
            }
        }
        return (content.isEmpty ? [] : [.inline(style(content))]) + blocks
    }

    // MARK: - Text

    /// The text, with what its placeholders stand for.
    mutating func text(_ literal: String) -> [Piece] {
        let parts = literal.unicodeScalars.split(
            separator: prepared.sentinel,
            omittingEmptySubsequences: false
        )
        guard parts.count > 1 else { return literal.isEmpty ? [] : [.inline(.text(literal))] }
        var pieces: [Piece] = []
        for (index, part) in parts.enumerated() {
            // Texts and numbers of shortcodes take turns.
            if index.isMultiple(of: 2) || index == parts.count - 1 {
                if !part.isEmpty { pieces.append(.inline(.text(String(part)))) }
            } else if let number = Int(String(part)), prepared.shortcodes.indices.contains(number) {
                pieces += expand(prepared.shortcodes[number])
            }
        }
        return pieces
    }

    private mutating func expand(_ shortcode: Shortcode) -> [Piece] {
        switch shortcode {
        case .quoted(let text): return [.inline(.text(text))]
        case .invalid: return []
        case .subscribeBox(let place): return [.block(Block(.subscribeBox, at: place))]
        case .figure(let arguments, let place):
            return figure(arguments, at: place).map { [.block(Block(.figure($0), at: place))] }
                ?? []
        }
    }

    /// Raw HTML is shown as it was written; readers never get it as HTML.
    mutating func html(_ literal: String, at place: SourcePlace) -> [Piece] {
        let text = literal.trimmingBlanks()
        if text.hasPrefix("<!--"), text.hasSuffix("-->") {
            log.warning(.rawHTML, at: place, "HTML comments are left out. Delete this one.")
            return []
        }
        log.warning(
            .rawHTML,
            at: place,
            "HTML is shown to readers as text. Say it in Markdown, or put it into back-ticks."
        )
        var pieces: [Piece] = []
        for (index, line) in text.split(separator: "\n").enumerated() {
            if index > 0 { pieces.append(.inline(.softBreak)) }
            pieces += self.text(String(line))
        }
        return pieces
    }

    // MARK: - Links

    private mutating func link(_ node: MarkdownNode, after previous: Piece?) -> [Piece] {
        let place = place(of: node)
        isInLink = true
        let content = enclosed(node) {
            .link(Link(target: .fragment(""), content: $0, place: place))
        }
        isInLink = false
        guard case .inline(.link(var link)) = content.first else { return content }
        let figures = content.dropFirst()
        let address = withoutPlaceholders(node.address)
        let words = link.content.plainText
        if BareAddress.isPartOfHandle(address, words, after: previous?.text)
            || BareAddress.isOurs(address, words)
        {
            return link.content.map { .inline($0) } + figures
        }
        guard let target = target(address, at: place) else {
            return link.content.map { .inline($0) } + figures
        }
        link.target = target
        link.title = node.title.isEmpty ? nil : withoutPlaceholders(node.title)
        return [.inline(.link(link))] + figures
    }

    /// Nil, and a warning, for an address that can't be followed.
    mutating func target(_ address: String, at place: SourcePlace) -> LinkTarget? {
        switch resolver.resolve(address) {
        case .address(let absolute): return .address(absolute)
        case .fragment(let id):
            fragments.append((id, place))
            return .fragment(id)
        case .refused(let refusal):
            log.warning(refusal.rule, at: place, refusal.message(address))
            return nil
        }
    }

    func withoutPlaceholders(_ text: String) -> String {
        guard text.unicodeScalars.contains(prepared.sentinel) else { return text }
        let parts = text.unicodeScalars.split(
            separator: prepared.sentinel,
            omittingEmptySubsequences: false
        )
        return parts.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
            .joined()
    }
}

extension BodyReader.Piece {
    /// The text this ends with, if it is text.
    var text: String? {
        if case .inline(.text(let text)) = self { text } else { nil }
    }
}

extension [BodyReader.Piece] {
    /// Appends a piece; texts that meet become one.
    fileprivate mutating func append(joining piece: BodyReader.Piece) {
        guard let text = piece.text, var joined = last?.text else {
            append(piece)
            return
        }
        // Out of the list, the text is ours alone and grows in place.
        removeLast()
        joined += text
        append(.inline(.text(joined)))
    }
}
