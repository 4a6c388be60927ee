import Foundation

/// The preparation of a resourcepart: OpaqueString (RFC 8265 §4.2, RFC 7622 §3.4).
enum Resourcepart {
    /// Whether `prepare` would change nothing; no whenever in doubt.
    static func isPrepared(_ text: Substring) -> Bool {
        (1...JID.maximumPartLength).contains(text.utf8.count) && isPrintable(text)
    }

    private static func isPrintable(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.resourcepart) }
        let prepared = isPrintable(text[...]) ? text : try mapped(text)
        guard prepared.utf8.count <= JID.maximumPartLength else { throw .tooLong(.resourcepart) }
        return prepared
    }

    private static func mapped(_ text: String) throws(JIDError) -> String {
        var spaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard DerivedProperty(of: scalar).isFreeform else {
                throw .disallowed(.resourcepart, scalar)
            }
            let isSpace = scalar.properties.generalCategory == .spaceSeparator
            spaced.append(isSpace ? " " : scalar)
        }
        let prepared = String(spaced).precomposedStringWithCanonicalMapping
        let scalars = Array(prepared.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let property = DerivedProperty(of: scalar)
            guard property.isFreeform, ContextRule.holds(for: property, at: index, in: scalars)
            else { throw .disallowed(.resourcepart, scalar) }
        }
        return prepared
    }
}
