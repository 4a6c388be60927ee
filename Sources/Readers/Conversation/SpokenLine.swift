/// What somebody means who writes to a program as to a person: the words without their dressing.
enum SpokenLine {
    private static let quotes: Set<Character> = [
        "\"", "'", "`", "“", "”", "„", "«", "»", "‘", "’", "‚",
    ]
    private static let marks: Set<Character> = [".", "!", "?", "…", ",", ";", "。", "！", "？"]
    /// Commands of readers are short; in a longer line a full stop may belong to the text.
    private static let mostWords = 4

    /// The line without quoted lines before it, blanks, quotes around it and marks after it.
    static func line(in body: String) -> String {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0.hasPrefix(">") || $0.allSatisfy(\.isWhitespace) }
        let text = trimmed(lines.joined(separator: "\n")[...])
        guard text.split(whereSeparator: \.isWhitespace).count <= mostWords else {
            return String(text)
        }
        let bare = undressed(text)
        return String(bare.isEmpty ? text : bare)
    }

    /// Nothing is taken from inside: `issue "2024-02"` keeps its quotes.
    private static func undressed(_ text: Substring) -> Substring {
        var text = text
        while let last = text.last, marks.contains(last) { text = trimmed(text.dropLast()) }
        if text.count > 1, let first = text.first, let last = text.last,
            quotes.contains(first), quotes.contains(last),
            !text.dropFirst().dropLast().contains(where: quotes.contains)
        {
            text = trimmed(text.dropFirst().dropLast())
            while let last = text.last, marks.contains(last) { text = trimmed(text.dropLast()) }
        }
        return text
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
