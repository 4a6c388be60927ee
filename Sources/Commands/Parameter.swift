/// One argument of a command as it is declared.
public struct Parameter: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The name of an issue, such as `2024-02`, or a part of it.
        case issue
        /// A language tag (RFC 5646), or `all`.
        case language
        case word
        /// All that is left of the line, as it was written.
        case text
        case choice([String])
    }

    /// In lower case; the key of the argument, and in capitals its place in the usage line.
    public let name: String
    public let kind: Kind
    public let isRequired: Bool
    /// Whether there may be several; only the last one may.
    public let isRepeated: Bool
    /// The word that stands before it on a line, as `at` does before a time; what follows it is
    /// for this parameter, whatever else waits for a word.
    public let lead: String?
    public let summary: LocalizedText

    public init(
        _ name: String,
        _ kind: Kind,
        isRequired: Bool = true,
        isRepeated: Bool = false,
        lead: String? = nil,
        summary: LocalizedText
    ) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.isRepeated = isRepeated
        self.lead = lead
        self.summary = summary
    }

    /// Its place in a usage line: `ISSUE`, `[LANGUAGE…]`, `[chat|web]`.
    public var usage: String {
        var text = name.uppercased()
        if case .choice(let values) = kind { text = values.joined(separator: "|") }
        if isRepeated || kind == .text { text += "…" }
        if let lead { text = "\(lead) \(text)" }
        return isRequired ? text : "[\(text)]"
    }

    var isChoice: Bool {
        if case .choice = kind { true } else { false }
    }

    /// The word as an argument of this kind, in its one spelling; nil if it is none.
    func reading(of word: String) -> String? {
        switch kind {
        case .issue, .word, .text: word.isEmpty ? nil : word
        case .language: LanguageTag.canonical(word)
        case .choice(let values): values.first { $0.lowercased() == word.lowercased() }
        }
    }
}
