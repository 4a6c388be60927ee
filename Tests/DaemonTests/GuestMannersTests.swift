import Commands
import Testing
import XMPP

@testable import Daemon
@testable import Newsroom

@Suite("Whom we answer in a room that reads")
struct GuestMannersTests {
    private func command(_ nick: String, as role: Role, isReply: Bool = false) throws
        -> RoomCommand
    {
        RoomCommand(
            room: try JID("square@rooms.verona.example"),
            line: "settings",
            invoker: Invoker(role: role, jid: nil, displayName: nick),
            language: "en",
            original: RoomMessage(nick: nick, text: "Dispatch: settings", stanzaID: nil),
            isReply: isReply
        )
    }

    @Test("a stranger is told once that it is for admins, and many are not told each")
    func strangers() throws {
        var manners = GuestManners(commandsPerMinute: 60, now: { .zero })
        let tybalt = try command("Tybalt", as: .reader)
        #expect(manners.verdict(on: tybalt, isUnderstood: true) == .onlyAdmins)
        #expect(manners.verdict(on: tybalt, isUnderstood: true) == .ignore)
        let told = try (1...100).count {
            let verdict = manners.verdict(
                on: try command("Tybalt\($0)", as: .reader),
                isUnderstood: true
            )
            return verdict == .onlyAdmins
        }
        #expect(told == 9)
    }

    @Test("admins are answered; who gives too many commands is told once")
    func admins() throws {
        var manners = GuestManners(commandsPerMinute: 2, now: { .zero })
        let capulet = try command("Capulet", as: .publisher)
        let verdicts = (0..<5).map { _ in manners.verdict(on: capulet, isUnderstood: true) }
        #expect(verdicts == [.answer, .answer, .warn, .ignore, .ignore])
    }

    @Test("with another bot there is no talk without end, whichever way it answers")
    func bots() throws {
        var manners = GuestManners(commandsPerMinute: 1_000, now: { .zero })
        let reply = try command("Rosencrantz", as: .publisher, isReply: true)
        #expect(manners.verdict(on: reply, isUnderstood: false) == .ignore)
        #expect(manners.verdict(on: reply, isUnderstood: true) == .answer)
        let word = try command("Guildenstern", as: .publisher)
        let answered = (1...100).count { _ in
            manners.verdict(on: word, isUnderstood: false) != .ignore
        }
        #expect(answered == 5)
        #expect(manners.verdict(on: word, isUnderstood: true) == .answer)
    }
}
