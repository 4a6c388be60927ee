import Commands
import Readers
import Synchronization
import Testing
import XMPP

@testable import Daemon
@testable import Newsroom

@Suite("How many commands a person may give in a room")
struct CommandDamperTests {
    private final class Clockwork: Sendable {
        let now = Mutex(Duration.zero)
    }

    private func command(_ nick: String, jid: String? = nil, occupantID: String? = nil) throws
        -> RoomCommand
    {
        RoomCommand(
            room: try JID("comm-team@rooms.verona.example"),
            line: "issues",
            invoker: Invoker(
                role: .editor,
                jid: try jid.map { try JID($0) },
                displayName: nick,
                occupantID: occupantID
            ),
            language: "en",
            original: RoomMessage(nick: nick, text: "!issues", stanzaID: nil)
        )
    }

    @Test("who gives too many is told once, and heard again after a minute; others are heard")
    func minute() throws {
        let clock = Clockwork()
        let damper = CommandDamper(perMinute: 2, now: { clock.now.withLock { $0 } })
        let benvolio = try command("Benvolio")
        let verdicts = (0..<5).map { _ in damper.verdict(on: benvolio) }
        #expect(verdicts == [.answer, .answer, .warn, .ignore, .ignore])
        #expect(damper.verdict(on: try command("Mercutio")) == .answer)
        clock.now.withLock { $0 = .seconds(60) }
        #expect(damper.verdict(on: benvolio) == .answer)
    }

    @Test("a new nick is no new person where the room tells who it is")
    func nicks() throws {
        let damper = CommandDamper(perMinute: 1, now: { .zero })
        let shown = "benvolio@verona.example"
        #expect(damper.verdict(on: try command("Benvolio", jid: shown)) == .answer)
        #expect(damper.verdict(on: try command("Ben", jid: shown)) == .warn)
        #expect(damper.verdict(on: try command("Mercutio", occupantID: "o1")) == .answer)
        #expect(damper.verdict(on: try command("Merc", occupantID: "o1")) == .warn)
    }
}
