import Foundation
import Logging
import Testing

@testable import Daemon

@Suite("Log lines")
struct LineLogHandlerTests {
    private let date = Date(timeIntervalSince1970: 1_795_249_800)

    @Test("a line says when, how bad, what, and the facts in the order of their names")
    func line() {
        let line = LineLogHandler.line(
            date,
            .warning,
            "Not connected",
            ["reason": "Connection refused", "port": "5347"]
        )
        #expect(
            line == "2026-11-21T08:30:00Z warning Not connected: "
                + "port=5347 reason=\"Connection refused\"\n"
        )
    }

    @Test("an event stays one line, and nobody can forge another or colour the terminal")
    func oneLine() {
        let line = LineLogHandler.line(
            date,
            .info,
            "Command",
            ["line": "publish\n2026-11-21T08:30:00Z error \"All is lost\" \u{1B}[31m"]
        )
        #expect(line.dropLast().contains("\n") == false)
        #expect(line.contains("\u{1B}") == false)
        let bare = LineLogHandler.line(date, .info, "Command", ["line": "\u{1B}[31m"])
        #expect(bare.contains("\u{1B}") == false)
        #expect(line.contains(#""publish | 2026-11-21T08:30:00Z error \"All is lost\""#))
    }

    @Test("a logger's own facts and those of the event stand side by side")
    func metadata() async {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        var logger = Logger(label: "test") { _ in LineLogHandler { continuation.yield($0) } }
        logger[metadataKey: "room"] = "a@b"
        logger.info("Joined.", metadata: ["nick": "Dispatch"])
        logger.debug("not shown")
        continuation.finish()
        let written = await lines.reduce(into: []) { $0.append($1) }
        #expect(written.count == 1)
        #expect(written[0].hasSuffix(" info Joined: nick=Dispatch room=a@b\n"))
    }
}
