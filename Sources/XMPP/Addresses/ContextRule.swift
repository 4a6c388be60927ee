/// Where the characters may stand that are allowed in some places only (RFC 5892, appendix A).
enum ContextRule {
    /// Whether the character at `index`, which has this property, may stand there.
    static func holds(
        for property: DerivedProperty,
        at index: Int,
        in scalars: [Unicode.Scalar]
    ) -> Bool {
        switch property {
        case .contextJ: joinerMayStand(at: index, in: scalars)
        case .contextO: otherMayStand(at: index, in: scalars)
        case .valid, .freeform, .disallowed, .unassigned: true
        }
    }

    // MARK: - CONTEXTJ

    /// The zero width non-joiner (A.1) and joiner (A.2).
    private static func joinerMayStand(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index]
        if before.last?.properties.canonicalCombiningClass == .virama { return true }
        guard scalars[index] == "\u{200C}" else { return false }
        let left = before.last { !transparent.matches($0) }
        let right = scalars[(index + 1)...].first { !transparent.matches($0) }
        guard let left, let right else { return false }
        return joiningLeft.matches(left) && joiningRight.matches(right)
    }

    private static let transparent = ScalarPattern(#"\p{Joining_Type=T}"#)
    private static let joiningLeft = ScalarPattern(#"[\p{Joining_Type=L}\p{Joining_Type=D}]"#)
    private static let joiningRight = ScalarPattern(#"[\p{Joining_Type=R}\p{Joining_Type=D}]"#)

    // MARK: - CONTEXTO

    private static func otherMayStand(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index].last
        let after = scalars[(index + 1)...].first
        switch scalars[index].value {
        // Middle dot, as in Catalan (A.3).
        case 0x00B7: return before == "l" && after == "l"
        // Greek lower numeral sign (A.4).
        case 0x0375: return after.map { greek.matches($0) } ?? false
        // Hebrew geresh and gershayim (A.5, A.6).
        case 0x05F3, 0x05F4: return before.map { hebrew.matches($0) } ?? false
        // Katakana middle dot (A.7).
        case 0x30FB: return scalars.contains { japanese.matches($0) }
        // Arabic-Indic digits, and the extended ones: not both (A.8, A.9).
        case 0x0660...0x0669: return !scalars.contains { (0x06F0...0x06F9).contains($0.value) }
        case 0x06F0...0x06F9: return !scalars.contains { (0x0660...0x0669).contains($0.value) }
        default: return false
        }
    }

    private static let greek = ScalarPattern(#"\p{Script=Greek}"#)
    private static let hebrew = ScalarPattern(#"\p{Script=Hebrew}"#)
    private static let japanese = ScalarPattern(
        #"[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]"#
    )
}
