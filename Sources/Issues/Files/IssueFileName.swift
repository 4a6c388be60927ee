/// The name of an issue's file: `2024-02-05-newsletter.fr.md`.
public struct IssueFileName: Hashable, Sendable {
    /// The name as it is in the directory.
    public let rawValue: String

    /// What the name says, or for a translation the id of its original, if its date led there.
    public internal(set) var issue: IssueID

    /// The language tag before the extension, in lower case; nil means the newsletter's default.
    public let language: String?

    /// Nil unless this is a Markdown file that holds an issue.
    ///
    /// Hidden files, `README.md` and Hugo's section pages (`_index.md`, `_index.de.md`) hold none.
    public init?(_ name: String) {
        guard name.hasSuffix(".md"), !name.hasPrefix("."), !name.contains("/") else { return nil }
        var base = name.dropLast(3)
        var language: String?
        if let dot = base.lastIndex(of: "."), dot > base.startIndex {
            let suffix = base[base.index(after: dot)...]
            if Self.isLanguageTag(suffix) {
                language = suffix.lowercased()
                base = base[..<dot]
            }
        }
        guard !base.isEmpty, base != "README", base != "_index" else { return nil }
        rawValue = name
        issue = IssueID(rawValue: String(base))
        self.language = language
    }

    /// The date the name begins with, if any.
    public var date: IssueDate? { IssueDate(rawValue.prefix(10)) }

    /// Whether a text has the shape of a tag we can meet: `fr`, `pt-br`, `zh-hant`.
    static func isLanguageTag(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let primary = parts.first, (2...3).contains(primary.utf8.count) else { return false }
        let isPrimaryValid = primary.utf8.allSatisfy { isLetter($0) }
        let areOthersValid = parts.dropFirst().allSatisfy { part in
            (2...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { isLetter($0) || isDigit($0) }
        }
        return isPrimaryValid && areOthersValid
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
