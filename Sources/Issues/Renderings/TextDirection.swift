/// In which direction a language is written.
public enum TextDirection: String, Hashable, Sendable {
    case leftToRight = "ltr"
    case rightToLeft = "rtl"

    /// The direction of a language tag; a script named in it decides (`az-arab`, `ur-latn`).
    public init(of language: String) {
        let parts = language.lowercased().split(separator: "-").map(String.init)
        let script = parts.dropFirst().first { $0.utf8.count == 4 }
        let isRightToLeft =
            script.map { Self.scripts.contains($0) }
            ?? parts.first.map { Self.languages.contains($0) } ?? false
        self = isRightToLeft ? .rightToLeft : .leftToRight
    }

    private static let languages: Set<String> = [
        "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi",
    ]

    private static let scripts: Set<String> = ["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"]
}
