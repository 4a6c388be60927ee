/// Unicode's `toLowercase` (The Unicode Standard §3.13, rule R2), as RFC 8265 §3.3.2 asks for.
enum CaseMapping {
    /// The lower-case form, in which a capital sigma that ends a word is the final one.
    ///
    /// `String.lowercased()` does not look at a letter's neighbours, so `ΟΔΟΣ` would end otherwise
    /// than it is written.
    static func lowercase(_ text: String) -> String {
        guard text.unicodeScalars.contains("Σ") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar == "Σ", isFinal(index, in: scalars) {
                result += "ς"
            } else {
                result += scalar.properties.lowercaseMapping
            }
        }
        return result
    }

    /// The condition `Final_Sigma` (table 3-17): a cased letter before, none after, whatever
    /// case-ignorable characters stand between.
    private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
