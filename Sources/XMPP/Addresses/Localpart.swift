import Foundation
import IDNA

/// The preparation of a localpart: UsernameCaseMapped (RFC 8265 §3.3) without what delimits
/// addresses (RFC 7622 §3.3).
enum Localpart {
    /// Whether `prepare` would change nothing; no whenever in doubt.
    static func isPrepared(_ text: Substring) -> Bool {
        (1...JID.maximumPartLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case ..<0x21, UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x7F...: false
                default: !isExcluded(Unicode.Scalar(byte))
                }
            }
    }

    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.localpart) }
        let prepared = if let ascii = try ascii(text) { ascii } else { try mapped(text) }
        guard prepared.utf8.count <= JID.maximumPartLength else { throw .tooLong(.localpart) }
        return prepared
    }

    /// What the rules come to for ASCII: lower-case letters; nil if there is anything else.
    private static func ascii(_ text: String) throws(JIDError) -> String? {
        var hasUppercase = false
        for byte in text.utf8 {
            switch byte {
            case 0x80...: return nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUppercase = true
            case ..<0x21, 0x7F: throw .disallowed(.localpart, Unicode.Scalar(byte))
            default: try checkExcluded(Unicode.Scalar(byte))
            }
        }
        return hasUppercase ? text.lowercased() : text
    }

    /// The rules in the order of RFC 8264 §7: width, case, normalization, direction, class.
    private static func mapped(_ text: String) throws(JIDError) -> String {
        let wide = WidthMapping.map(text)
        // Before normalization too (RFC 8265 §3.3.1), which would hide some that are disallowed.
        for scalar in wide.unicodeScalars where !DerivedProperty(of: scalar).isIdentifier {
            throw .disallowed(.localpart, scalar)
        }
        let prepared = CaseMapping.lowercase(wide).precomposedStringWithCanonicalMapping
        guard BidiRule.holds(for: prepared) else { throw .mixedDirections(.localpart) }
        let scalars = Array(prepared.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            try checkExcluded(scalar)
            let property = DerivedProperty(of: scalar)
            guard property.isIdentifier, ContextRule.holds(for: property, at: index, in: scalars)
            else { throw .disallowed(.localpart, scalar) }
        }
        return prepared
    }

    private static func checkExcluded(_ scalar: Unicode.Scalar) throws(JIDError) {
        if isExcluded(scalar) { throw .disallowed(.localpart, scalar) }
    }

    private static func isExcluded(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "&", "'", "/", ":", "<", ">", "@": true
        default: false
        }
    }
}
