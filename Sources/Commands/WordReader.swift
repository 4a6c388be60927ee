/// Takes a command line apart, word by word.
///
/// Words end at white space; quotes keep several together. Phones turn plain quotes into curly
/// ones, so those count as well, and any closing quote closes.
struct WordReader {
    private var rest: Substring
    private static let opening: Set<Character> = ["\"", "“", "„", "«"]
    private static let closing: Set<Character> = ["\"", "”", "“", "»"]

    /// A quote that is opened and never closed.
    struct OpenQuote: Error, Hashable {
        let text: String
    }

    init(_ line: String) {
        rest = line[...]
        skipSpace()
    }

    /// The next word, or nil at the end of the line.
    mutating func next() throws(OpenQuote) -> String? {
        guard let first = rest.first else { return nil }
        defer { skipSpace() }
        guard Self.opening.contains(first) else {
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest[word.endIndex...]
            return String(word)
        }
        let content = rest.dropFirst()
        guard let end = content.firstIndex(where: Self.closing.contains) else {
            throw OpenQuote(text: String(rest))
        }
        rest = content[content.index(after: end)...]
        return String(content[..<end])
    }

    /// All that is left, as it was written; nil at the end of the line.
    ///
    /// Quotes around the whole of it are taken off.
    mutating func remainder() -> String? {
        defer { rest = rest[rest.endIndex...] }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        guard let first = rest.first, let last = rest.last else { return nil }
        let inner = rest.dropFirst().dropLast()
        let isQuoted =
            rest.count > 2 && Self.opening.contains(first) && Self.closing.contains(last)
            && !inner.contains { Self.closing.contains($0) || Self.opening.contains($0) }
        return String(isQuoted ? inner : rest)
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0.isWhitespace }
    }
}
