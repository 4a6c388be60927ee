public import Localization

/// A text in English and in whatever other languages it was translated to.
///
/// A string literal is an English text without translations.
public struct LocalizedText: Hashable, Sendable, ExpressibleByStringLiteral {
    public let english: String
    /// By language tag in lower case (RFC 5646), without `en`.
    private let translations: [String: String]

    public init(en english: String, _ translations: [String: String] = [:]) {
        self.english = english
        self.translations = Dictionary(
            translations.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The text of a key in all languages it has one in; English must be among them.
    public init(_ key: String, in texts: TextCollection) {
        self.init(en: texts.texts(in: "en")(key), texts.everywhere(key))
    }

    public init(stringLiteral value: String) {
        self.init(en: value)
    }

    /// The text in the language asked for, or in the nearest wider one (RFC 4647 §3.4).
    ///
    /// `fr-CA` falls back to `fr`, and that to English.
    public func text(in language: String) -> String {
        var range = language.lowercased()[...]
        while !range.isEmpty {
            if let translation = translations[String(range)] { return translation }
            range = range[..<(range.lastIndex(of: "-") ?? range.startIndex)]
        }
        return english
    }
}
