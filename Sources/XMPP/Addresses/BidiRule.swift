/// The Bidi Rule for strings that mix directions of writing (RFC 5893 §2).
enum BidiRule {
    /// Whether the rule holds; it applies to text with a right-to-left character only.
    static func holds(for text: String) -> Bool {
        // No character before the Hebrew block is written from right to left.
        guard text.unicodeScalars.contains(where: { $0.value >= 0x0590 }) else { return true }
        guard hasRightToLeft.matches(text) else { return true }
        if leftToRight.matches(text) { return true }
        return rightToLeft.matches(text) && !(hasEN.matches(text) && hasAN.matches(text))
    }

    private static let hasRightToLeft = ScalarPattern(
        #"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]"#
    )

    /// What both directions may hold (conditions 2 and 5).
    private static let neutral =
        #"\p{Bidi_Class=EN}\p{Bidi_Class=ES}\p{Bidi_Class=CS}\p{Bidi_Class=ET}"#
        + #"\p{Bidi_Class=ON}\p{Bidi_Class=BN}\p{Bidi_Class=NSM}"#

    private static let letter = #"\p{Bidi_Class=R}\p{Bidi_Class=AL}"#

    /// Conditions 1, 2 and 3.
    private static let rightToLeft = ScalarPattern(
        #"\A(?=["# + letter + #"])["# + letter + #"\p{Bidi_Class=AN}"# + neutral + #"]*["#
            + letter + #"\p{Bidi_Class=EN}\p{Bidi_Class=AN}]\p{Bidi_Class=NSM}*\z"#
    )

    /// Conditions 1, 5 and 6; a text with right-to-left characters never fulfils 5.
    private static let leftToRight = ScalarPattern(
        #"\A(?=\p{Bidi_Class=L})[\p{Bidi_Class=L}"# + neutral
            + #"]*[\p{Bidi_Class=L}\p{Bidi_Class=EN}]\p{Bidi_Class=NSM}*\z"#
    )

    /// Condition 4: not both.
    private static let hasEN = ScalarPattern(#"\p{Bidi_Class=EN}"#)
    private static let hasAN = ScalarPattern(#"\p{Bidi_Class=AN}"#)
}
