/// What a part of the program says, in all languages it was translated to.
public struct TextCollection: Sendable {
    private let english: Texts
    /// By language tag in lower case (RFC 5646).
    private let translations: [String: Texts]

    /// Takes the files of texts that are compiled in, by language.
    ///
    /// The tests see that they can be read; one that can't is as good as empty.
    public init(_ files: [String: [UInt8]]) {
        let texts = files.mapValues { bytes in
            (try? TextFile(String(decoding: bytes, as: UTF8.self)))?.texts ?? [:]
        }
        let english = Texts(language: "en", texts["en"] ?? [:])
        self.english = english
        translations = Dictionary(
            uniqueKeysWithValues: texts.map { language, texts in
                (language, Texts(language: language, texts, fallback: english))
            }
        )
    }

    /// The languages there are, in no order.
    public var languages: [String] { Array(translations.keys) }

    /// The texts in the language asked for, or in the nearest wider one (RFC 4647 §3.4).
    ///
    /// `fr-CA` falls back to `fr`, and that to English.
    public func texts(in language: String) -> Texts {
        var range = language.lowercased()[...]
        while !range.isEmpty {
            if let texts = translations[String(range)] { return texts }
            range = range[..<(range.lastIndex(of: "-") ?? range.startIndex)]
        }
        return english
    }

    /// One text in all languages.
    public func everywhere(_ key: String) -> [String: String] {
        translations.compactMapValues { $0.contains(key) ? $0(key) : nil }
    }
}
