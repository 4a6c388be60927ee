import Daemon
import Foundation

/// What standard output leads to, and what may be written there.
enum Terminal {
    /// Somebody sits there and sees lines change.
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// Colour on a terminal only, and not where `NO_COLOR` is set (no-color.org) or it knows none.
    static let hasColor = wantsColor(ProcessInfo.processInfo.environment, isTerminal: isInteractive)

    static func wantsColor(_ environment: [String: String], isTerminal: Bool) -> Bool {
        let isForbidden = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isTerminal && !isForbidden && environment["TERM"] != "dumb"
    }

    enum Color: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case gray = 90
    }

    static func colored(_ text: String, _ color: Color) -> String {
        let text = TerminalText.lines(text)
        return hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Prints a text for people, whoever wrote it.
    static func show(_ text: String, terminator: String = "\n") {
        print(TerminalText.lines(text), terminator: terminator)
    }

    /// Prints what programs may read: as it is, unless somebody looks at it.
    static func pass(_ text: String, terminator: String = "\n") {
        print(isInteractive ? TerminalText.lines(text) : text, terminator: terminator)
    }

    /// Moves back over so many lines and clears them, to write them anew.
    static func goBack(over lines: Int) {
        guard lines > 0 else { return }
        print("\u{1B}[\(lines)A\u{1B}[J", terminator: "")
    }

    /// How many columns there are; 80 if nobody knows.
    static var width: Int {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }
}
