public import Localization

/// A text in English and in whatever other languages it was translated to.
///
/// A string literal is an English text without translations.
public struct LocalizedText: Hashable, Sendable, ExpressibleByStringLiteral {
    private enum Source: Hashable, Sendable {
        case literal(String)
        /// By language tag in lower case (RFC 5646), `en` among them.
        case translations([String: String])
        /// Looked up when it is needed, so that no language is read that nobody speaks.
        case entry(String, TextCollection)
    }

    private let source: Source

    public init(en english: String, _ translations: [String: String] = [:]) {
        var all = Dictionary(
            translations.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        all["en"] = english
        source = .translations(all)
    }

    /// The text of a key in all languages it has one in; English must be among them.
    public init(_ key: String, in texts: TextCollection) {
        source = .entry(key, texts)
    }

    public init(stringLiteral value: String) {
        source = .literal(value)
    }

    public var english: String { text(in: "en") }

    /// The text in the language asked for, or in the nearest wider one (RFC 4647 §3.4).
    ///
    /// `fr-CA` falls back to `fr`, and that to English.
    public func text(in language: String) -> String {
        switch source {
        case .literal(let text): text
        case .entry(let key, let texts): texts.texts(in: language)(key)
        case .translations(let translations): Self.nearest(language, in: translations)
        }
    }

    private static func nearest(_ language: String, in translations: [String: String]) -> String {
        var range = language.lowercased()[...]
        while !range.isEmpty {
            if let translation = translations[String(range)] { return translation }
            range = range[..<(range.lastIndex(of: "-") ?? range.startIndex)]
        }
        return translations["en"] ?? ""
    }
}
