/// What a part of the program says in one language.
///
/// A text may have places for values, `{name}`, and two forms, `key.one` and `key.other`, of which a
/// number chooses. What a language lacks is there in English.
public struct Texts: Sendable {
    /// The language of the texts, which may be a wider one than was asked for.
    public let language: String
    /// By key.
    public private(set) var texts: [String: String]

    public init(language: String, _ texts: [String: String], fallback: Texts? = nil) {
        self.language = language
        self.texts = (fallback?.texts ?? [:]).merging(texts) { _, own in own }
    }

    /// The text of the key, its places filled; the key itself if there is none.
    public func callAsFunction(
        _ key: String,
        _ values: [String: any CustomStringConvertible] = [:]
    ) -> String {
        Self.fill(texts[key] ?? key, with: values)
    }

    /// The form of the text that fits the number, which is its `{count}`.
    public func callAsFunction(
        _ key: String,
        count: Int,
        _ values: [String: any CustomStringConvertible] = [:]
    ) -> String {
        let form = PluralForm(of: count, in: language).rawValue
        return self("\(key).\(form)", values.merging(["count": count]) { given, _ in given })
    }

    /// Whether there is a text of that key.
    public func contains(_ key: String) -> Bool { texts[key] != nil }

    /// The text with a value in each `{name}` that has one; values are taken as they are.
    public static func fill(
        _ text: String,
        with values: [String: any CustomStringConvertible]
    ) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            let name = String(rest[rest.index(after: open)..<close])
            result += rest[..<open]
            result += values[name].map { "\($0)" } ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

/// Which form of a text goes with a number (Unicode's plural rules, of the languages we have).
enum PluralForm: String {
    case one, other

    init(of number: Int, in language: String) {
        switch language.prefix(while: { $0 != "-" }) {
        case "fr", "pt": self = abs(number) < 2 ? .one : .other
        default: self = number == 1 ? .one : .other
        }
    }
}
