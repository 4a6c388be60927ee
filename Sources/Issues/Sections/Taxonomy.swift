import Spelling

/// The sections a newsletter's issues are made of, and how their headings are spelt.
public struct Taxonomy: Hashable, Sendable {
    /// One section.
    public struct Entry: Hashable, Sendable {
        public let id: SectionID
        public let parent: SectionID?
        public let kind: SectionKind

        /// Whether an issue without it lacks something.
        public let isRequired: Bool

        /// All spellings by language tag; the first is the one to use.
        public let spellings: [String: [String]]

        /// The section's title in a language, or else in English.
        public func title(in language: String) -> String {
            spellings[language]?.first ?? spellings["en"]?.first ?? id.rawValue
        }
    }

    /// In the order of the file.
    public let entries: [Entry]

    private let indices: [SectionID: Int]

    /// By language tag.
    private let indexes: [String: SpellingIndex]

    /// English first: the others are asked in this order when a heading's own language fails.
    private let languages: [String]

    init(_ entries: [Entry]) {
        self.entries = entries
        indices = Dictionary(
            entries.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        var indexes: [String: SpellingIndex] = [:]
        for entry in entries {
            for (language, spellings) in entry.spellings {
                for spelling in spellings {
                    indexes[language, default: SpellingIndex()].insert(spelling, for: entry.id)
                }
            }
        }
        self.indexes = indexes
        languages = indexes.keys.sorted { ($0 == "en" ? "" : $0) < ($1 == "en" ? "" : $1) }
    }

    public subscript(id: SectionID) -> Entry? {
        indices[id].map { entries[$0] }
    }

    /// The section a heading opens, at whatever level it stands; nil if it is no section's.
    public func section(titled title: String, language: String) -> SectionID? {
        let title = SectionTitle(title)
        for language in [language] + languages.filter({ $0 != language }) {
            if let id = indexes[language]?.section(title) { return id }
        }
        // Only now, since a title is more likely to be in another language than misspelt.
        for language in language == "en" ? ["en"] : [language, "en"] {
            if let id = indexes[language]?.section(nearly: title) { return id }
        }
        return nil
    }
}

/// The spellings of one language.
private struct SpellingIndex: Hashable, Sendable {
    private var exact: [String: SectionID] = [:]
    private var loose: [String: SectionID] = [:]

    /// Shorter titles differ from each other by a letter.
    private static let shortestMisspelt = 9

    mutating func insert(_ spelling: String, for id: SectionID) {
        let title = SectionTitle(spelling)
        if exact[title.folded] == nil { exact[title.folded] = id }
        let words = title.words
        if !words.isEmpty, loose[words] == nil { loose[words] = id }
    }

    func section(_ title: SectionTitle) -> SectionID? {
        for form in title.forms {
            if let id = exact[form.folded] { return id }
        }
        for form in title.forms {
            if let id = loose[form.words] { return id }
        }
        return nil
    }

    /// The section whose title differs by one letter, if there is one only.
    func section(nearly title: SectionTitle) -> SectionID? {
        let words = title.words
        let length = words.utf8.count
        guard length >= Self.shortestMisspelt else { return nil }
        let near = loose.filter { spelling, _ in
            Self.mayDifferByOne(spelling.utf8, words.utf8)
                && EditDistance.between(spelling, words) == 1
        }
        return Set(near.values).count == 1 ? near.values.first : nil
    }

    /// Whether all but a few bytes are the same at the ends: comparing letter by letter is costly.
    private static func mayDifferByOne(_ left: String.UTF8View, _ right: String.UTF8View) -> Bool {
        let longer = max(left.count, right.count)
        guard longer - min(left.count, right.count) <= 4 else { return false }
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        return start + end >= longer - 8
    }
}
