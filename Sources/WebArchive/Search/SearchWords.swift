import Foundation

/// The words a text can be found by: runs of letters and digits, in lower case, without accents.
///
/// `search.js` does the same with what one types.
enum SearchWords {
    static func of(_ text: String) -> [String] {
        text.unicodeScalars.split { !$0.isPartOfWord }.map { plain(String($0)) }
            .filter { !$0.isEmpty }
    }

    /// The text in lower case without accents and other marks.
    static func plain(_ text: String) -> String {
        let lower = text.lowercased()
        if lower.utf8.allSatisfy({ $0 < 0x80 }) { return lower }
        var result = String.UnicodeScalarView()
        for scalar in lower.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark: break
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter, a digit or a mark on one: `\p{L}`, `\p{N}`, `\p{M}` in JavaScript.
    fileprivate var isPartOfWord: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": return true
        case "\0"..."\u{7F}": return false
        default: break
        }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark,
            .enclosingMark:
            true
        default: false
        }
    }
}
