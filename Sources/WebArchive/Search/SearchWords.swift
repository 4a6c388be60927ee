import Foundation

/// The words a text can be found by: runs of letters and digits, in lower case, without accents.
///
/// `search.js` does the same with what one types.
enum SearchWords {
    static func of(_ text: String) -> [Substring] {
        plain(text).split { !$0.isLetter && !$0.isNumber }
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
