import Commands
import Readers
import Synchronization
import Testing
import XML
import XMPP

@testable import Daemon
@testable import Newsroom

@Suite("Whom we answer in a room that reads")
struct GuestMannersTests {
    private func command(
        _ nick: String,
        as role: Role,
        jid: JID? = nil,
        isReply: Bool = false
    ) throws -> RoomCommand {
        RoomCommand(
            room: try JID("square@rooms.verona.example"),
            line: "settings",
            invoker: Invoker(role: role, jid: jid, displayName: nick),
            language: "en",
            original: RoomMessage(nick: nick, text: "Dispatch: settings", stanzaID: nil),
            isReply: isReply
        )
    }

    @Test(
        "of one person no more invitations are followed than are allowed, whichever way they come"
    )
    func invitations() throws {
        var limits = GuestLimits()
        limits.invitationsPerHour = 2
        let clock = Mutex(Duration.zero)
        var manners = GuestManners(
            limits,
            CommandDamper(perMinute: 60),
            now: { clock.withLock { $0 } }
        )
        func invited(by inviter: String, through service: String? = nil) throws -> Bool {
            let message = Message(
                .normal,
                from: try JID(service.map { "square@\($0)" } ?? inviter),
                to: try JID("dispatch@news.verona.example")
            ) {
                if service == nil {
                    Element("x", in: .directInvitation, ["jid": "square@rooms.verona.example"])
                } else {
                    Element("x", in: .mucUser) { Element("invite", ["from": inviter]) }
                }
            }
            return manners.follow(try #require(RoomInvitation(message)))
        }
        let tybalt = "tybalt@verona.example"
        #expect(try (1...4).map { _ in try invited(by: tybalt) } == [true, true, false, false])
        #expect(try invited(by: "romeo@verona.example"))
        // What a room says is held against those at its service only: it may say what it likes.
        let through = "rooms.verona.example"
        #expect(
            try (1...3).map { _ in try invited(by: tybalt, through: through) }
                == [true, true, false]
        )
        #expect(try invited(by: tybalt, through: "elsewhere.example"))
        clock.withLock { $0 = .seconds(3_600) }
        #expect(try invited(by: tybalt))
    }

    private func manners(perMinute: Int) -> GuestManners {
        let damper = CommandDamper(perMinute: perMinute, now: { .zero })
        return GuestManners(GuestLimits(), damper, now: { .zero })
    }

    @Test("a stranger is told once that it is for admins, and many are not told each")
    func strangers() throws {
        var manners = self.manners(perMinute: 60)
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
        var manners = self.manners(perMinute: 2)
        let capulet = try command("Capulet", as: .publisher)
        let verdicts = (0..<5).map { _ in manners.verdict(on: capulet, isUnderstood: true) }
        #expect(verdicts == [.answer, .answer, .warn, .ignore, .ignore])
    }

    @Test("a room that shows an editor's address spends its own allowance, under whatever nick")
    func foreignAddress() throws {
        let editor = try JID("benvolio@verona.example")
        let damper = CommandDamper(perMinute: 2, now: { .zero })
        var manners = GuestManners(GuestLimits(), damper, now: { .zero })
        let verdicts = try (0..<4).map { number in
            let help = try command("Nick\(number)", as: .publisher, jid: editor)
            return manners.verdict(on: help, isUnderstood: true)
        }
        #expect(verdicts == [.answer, .answer, .warn, .ignore])
        #expect(damper.verdict(on: editor) == .answer)
    }

    @Test("the newsrooms are told of each limit once an hour")
    func alarms() throws {
        let clock = Mutex(Duration.zero)
        var manners = GuestManners(
            GuestLimits(),
            CommandDamper(perMinute: 60),
            now: { clock.withLock { $0 } }
        )
        let (all, one) = (
            GuestRoomAlarm(domain: nil, limit: 100), GuestRoomAlarm(domain: "x.example", limit: 20)
        )
        var told: [Bool] = []
        for limit in [all, one, all, one] { told.append(manners.alarms(about: limit)) }
        #expect(told == [true, true, false, false])
        clock.withLock { $0 = .seconds(3_600) }
        let isTold = manners.alarms(about: one)
        #expect(isTold)
    }

    @Test("with another bot there is no talk without end, whichever way it answers")
    func bots() throws {
        var manners = self.manners(perMinute: 1_000)
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
