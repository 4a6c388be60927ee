import Testing

@testable import Daemon

@Suite("What others wrote, on a terminal")
struct TerminalTextTests {
    @Test(
        "moves no cursor, changes no colour and turns no letters around",
        arguments: [
            "\u{1B}[2J", "\u{9B}31m", "\u{7}", "\u{8}", "\u{7F}", "\r", "\u{202E}", "\u{2066}",
            "\u{2028}",
        ]
    )
    func harmful(text: String) {
        let shown = TerminalText.lines("Verona\(text)")
        #expect(shown.hasPrefix("Verona\u{FFFD}"))
        #expect(TerminalText.isPlain(shown))
        #expect(TerminalText.oneLine("Verona\(text)") == shown)
    }

    @Test("is shown as it is if it is any people's writing")
    func harmless() {
        for text in ["Σκύλος 🐕‍🦺", "שלום \u{200F}", "مرحبا", "naïve – “so”", ""] {
            #expect(TerminalText.lines(text) == text)
            #expect(TerminalText.oneLine(text) == text)
        }
    }

    @Test("keeps its lines and tabs where there are lines, and none where there is one")
    func lines() {
        let text = "one\ttwo\r\nthree\n"
        #expect(TerminalText.lines(text) == "one\ttwo\nthree\n")
        #expect(TerminalText.oneLine("one\ttwo\nthree") == "one\u{FFFD}two | three")
    }
}
