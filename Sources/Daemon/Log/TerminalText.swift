/// What others wrote, as it may be shown on a terminal or in a log: it moves no cursor, changes no
/// colours and turns no letters around.
package enum TerminalText {
    /// The text with its lines and tabs.
    package static func lines(_ text: String) -> String {
        made(of: text.replacing("\r\n", with: "\n")) { $0 == "\n" || $0 == "\t" ? String($0) : nil }
    }

    /// The text on one line, so that nobody can forge a second one.
    package static func oneLine(_ text: String) -> String {
        made(of: text) { $0 == "\n" ? " | " : nil }
    }

    /// Whether the text is shown as it is.
    static func isPlain(_ text: String) -> Bool {
        !text.unicodeScalars.contains(where: isHarmful)
    }

    private static func made(
        of text: String,
        _ kept: (Unicode.Scalar) -> String?
    ) -> String {
        guard !isPlain(text) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if let kept = kept(scalar) {
                result += kept
            } else {
                result.unicodeScalars.append(isHarmful(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        // Overrides and isolates of the direction of writing (UAX #9).
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default:
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}
