import Foundation

/// The mapping of fullwidth and halfwidth characters to their usual ones (RFC 8264 §5.2.1).
///
/// It is here, below the addresses, because domainparts need it as localparts do.
public enum WidthMapping {
    public static func map(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: hasWidth) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if hasWidth(scalar) {
                result += String(scalar).precomposedStringWithCompatibilityMapping
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The block of these forms, and the wide space; no others are so decomposed.
    private static func hasWidth(_ scalar: Unicode.Scalar) -> Bool {
        (0xFF00...0xFFEF).contains(scalar.value) || scalar.value == 0x3000
    }
}
