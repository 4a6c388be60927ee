import Foundation
public import Localization

/// The words that people use for commands in their languages, beside the names that commands have
/// everywhere.
///
/// They stand in the files of texts: `say.pause.until = pausieren bis, pause bis` lets both stand for
/// the beginning of a line, `pause until`. Case and accents mean nothing, as phones like it.
public struct Vocabulary: Sendable {
    /// What somebody meant who began a line in these words.
    struct Meaning: Hashable, Sendable {
        /// In the words that commands have everywhere.
        let line: String
        /// The language of the words.
        let language: String
    }

    private static let prefix = "say."
    private var meanings: [String: [Meaning]] = [:]
    /// By the name of the command, then by language.
    private var words: [String: [String: [String]]] = [:]
    private var mostWords = 0

    /// Takes the words from all of these texts, and those for `help`.
    public init(_ collections: [TextCollection] = []) {
        for texts in [Phrases.all] + collections {
            for language in texts.languages.sorted() {
                for (key, text) in texts.texts(in: language).texts where key.hasPrefix(Self.prefix)
                {
                    let line = String(key.dropFirst(Self.prefix.count)).replacing(".", with: " ")
                    add(text, for: line, in: language)
                }
            }
        }
    }

    private mutating func add(_ text: String, for line: String, in language: String) {
        let phrases = text.split(separator: ",")
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty }
        for phrase in phrases {
            let meaning = Meaning(line: line, language: language)
            meanings[Self.folded(phrase), default: []].append(meaning)
            mostWords = max(mostWords, phrase.split(separator: " ").count)
        }
        let name = String(line.prefix { $0 != " " })
        words[name, default: [:]][language, default: []] += phrases
    }

    /// Every beginning that is known, as it is compared, with what it stands for.
    package var all: [(phrase: String, line: String)] {
        meanings.flatMap { phrase, meanings in meanings.map { (phrase, $0.line) } }
    }

    /// What people say for a command in that language.
    func words(for command: String, in language: String) -> [String] {
        words[command]?[language.lowercased()]?.sorted() ?? []
    }

    /// The line in the words of commands, and the language it was written in; nil if it begins with
    /// nothing that is known here.
    ///
    /// The longest beginning counts. Words that several languages share are in the one asked for, if
    /// that is among them.
    func translation(of line: String, for language: String) -> Meaning? {
        let line = line.drop { $0 == "!" || $0 == "/" || $0.isWhitespace }
        let ends = line.indices.dropFirst().filter { index in
            line[index].isWhitespace && !line[line.index(before: index)].isWhitespace
        }
        for end in (ends.prefix(mostWords) + [line.endIndex]).reversed() {
            let beginning = Self.folded(
                line[..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
            )
            guard let candidates = meanings[beginning], let first = candidates.first else {
                continue
            }
            let asked = candidates.first { $0.language == language.lowercased().prefix(2) }
            let isShared = asked == nil && Set(candidates.map(\.language)).count > 1
            let meaning = asked ?? first
            return Meaning(
                line: meaning.line + line[end...],
                language: isShared || asked != nil ? language : meaning.language
            )
        }
        return nil
    }

    /// As people type it who have no time for accents, without marks after the words.
    private static func folded(_ phrase: String) -> String {
        var text = phrase.replacing("’", with: "'")[...]
        while let last = text.last, last.isPunctuation { text.removeLast() }
        return text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}
