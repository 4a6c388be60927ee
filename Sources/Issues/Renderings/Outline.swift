/// What can be said about an issue without showing all of it.
extension NewsletterIssue {
    /// The front matter's summary, or else the first paragraph, in one line of at most `limit`
    /// characters; nil if the issue has neither.
    public func lead(limit: Int = 800) -> String? {
        if let summary = frontMatter.summary { return Self.shortened(summary, to: limit) }
        for block in body {
            guard case .paragraph(let text) = block.content else { continue }
            let words = text.plainText.joiningLines()
            if !words.isEmpty, !text.isOnlyImages { return Self.shortened(words, to: limit) }
        }
        return nil
    }

    /// The titles of the issue's uppermost sections, without those that every issue has.
    public var contents: [String] {
        outline.sections.filter { $0.kind != .boilerplate }.map(\.title)
    }

    /// The addresses of all images, in order, each once.
    public var imageSources: [String] { EmbeddedAddresses(body).images }

    /// The addresses that the text links to, in order, each once.
    public var linkedAddresses: [String] { EmbeddedAddresses(body).links }

    /// The uppermost level that has several headings: a single one is a second title.
    static func sectionLevel(of levels: [Int]) -> Int? {
        let several = Set(levels).filter { level in levels.count { $0 == level } > 1 }
        return several.min() ?? levels.min()
    }

    /// Cut between words, which three dots then say.
    private static func shortened(_ text: String, to limit: Int) -> String {
        guard text.count > limit else { return text }
        let cut = text.prefix(limit)
        let end = cut.lastIndex(of: " ") ?? cut.endIndex
        return cut[..<end] + " …"
    }
}

extension [Inline] {
    fileprivate var isOnlyImages: Bool {
        allSatisfy { inline in
            switch inline {
            case .image, .softBreak, .hardBreak: true
            case .link(let link): link.content.isOnlyImages
            default: false
            }
        }
    }
}
