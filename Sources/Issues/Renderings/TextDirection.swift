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

extension String {
    /// The text with every change of direction ended in the line it began in.
    ///
    /// The invisible characters for it (Unicode UAX #9 §2) come in pairs; one without its partner
    /// would turn round what a client puts behind the text.
    func closingDirections() -> String {
        // All of them begin with this byte.
        guard utf8.contains(0xE2) else { return self }
        return split(separator: "\n", omittingEmptySubsequences: false)
            .map { DirectionMarks.closed($0) }.joined(separator: "\n")
    }
}

/// The characters that begin and end a change of direction.
private enum DirectionMarks {
    static func closed(_ line: Substring) -> String {
        var result = String.UnicodeScalarView()
        var open: [Unicode.Scalar] = []
        for scalar in line.unicodeScalars {
            switch scalar {
            case "\u{202A}", "\u{202B}", "\u{202D}", "\u{202E}": open.append("\u{202C}")
            case "\u{2066}", "\u{2067}", "\u{2068}": open.append("\u{2069}")
            case "\u{202C}", "\u{2069}":
                guard open.last == scalar else { continue }
                open.removeLast()
            default: break
            }
            result.append(scalar)
        }
        result.append(contentsOf: open.reversed())
        return String(result)
    }
}
