/// Letters of other scripts that people can't tell from Latin ones.
enum LookAlike {
    private static let pairs: [Unicode.Scalar: Unicode.Scalar] = {
        let strange = "аеорсхуіјѕԁһԛԝАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
        let latin = "aeopcxyijsdhqwABEKMHOPCTXYIJSABEZHIKMNOPTYXo"
        return Dictionary(
            zip(strange.unicodeScalars, latin.unicodeScalars),
            uniquingKeysWith: { first, _ in first }
        )
    }()

    /// The Latin letter that looks the same, if there is one.
    static func latin(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard (0x370..<0x530).contains(scalar.value) else { return nil }
        return pairs[scalar]
    }

    /// The text with Latin letters in the place of those that only look so.
    static func latin(_ text: String) -> String {
        // Both scripts begin with these bytes, and nearly no title has one of them.
        guard text.utf8.contains(where: { (0xCD...0xD4).contains($0) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { latin($0) ?? $0 }))
    }
}
