import Clocks
import Commands
import Logging
import Testing
import XML
import XMPP

@testable import Newsroom

/// One message that changes as work goes on (XEP-0308), and signs that one was heard (XEP-0444).
@Suite("Progress in a room", .timeLimit(.minutes(10)))
struct RoomProgressTests {
    let stream = RecordedStream()
    let service: RoomService

    init() throws {
        service = RoomService(
            try Verona.configuration(),
            rights: RightsTable(rooms: [:]),
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func inRoom(_ test: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            await service.streamOpened(stream)
            _ = await stream.next()
            await service.receive(try Verona.own())
            try await test()
            group.cancelAll()
        }
    }

    /// A text, and the id of the message it takes the place of.
    private struct Said: Equatable {
        let text: String?
        var instead: String?
    }

    private func next() async throws -> Said {
        let message = try #require(await stream.next()?.message)
        return Said(
            text: message.body,
            instead: message.child("replace", in: .correction)?["id"]
        )
    }

    @Test("as long as nobody speaks, the one message is corrected, always the first of its ids")
    func corrected() async throws {
        try await inRoom {
            let first = try await service.update("1 of 3", insteadOf: nil)
            let second = try await service.update("2 of 3", insteadOf: first)
            _ = try await service.update("3 of 3", insteadOf: second)
            #expect(first == second)
            #expect(try await next() == Said(text: "1 of 3"))
            #expect(try await next() == Said(text: "2 of 3", instead: first))
            #expect(try await next() == Said(text: "3 of 3", instead: first))
        }
    }

    @Test("our own message, which the room sends back, is nobody speaking")
    func echo() async throws {
        try await inRoom {
            let first = try await service.update("1 of 3", insteadOf: nil)
            _ = await service.receive(try Verona.message("1 of 3", from: "Gazette", id: first))
            #expect(try await service.update("2 of 3", insteadOf: first) == first)
        }
    }

    @Test("if somebody has spoken since, or we ourselves, a new message is said")
    func spoken() async throws {
        try await inRoom {
            let first = try await service.update("1 of 3", insteadOf: nil)
            _ = await service.receive(try Verona.message("Good morrow", from: "Romeo"))
            let second = try await service.update("2 of 3", insteadOf: first)
            try await service.say("All is well.")
            _ = try await service.update("3 of 3", insteadOf: second)
            #expect(try await next() == Said(text: "1 of 3"))
            #expect(try await next() == Said(text: "2 of 3"))
            #expect(try await next() == Said(text: "All is well."))
            #expect(try await next() == Said(text: "3 of 3"))
        }
    }

    @Test("after another visit to the room, a new message is said")
    func rejoined() async throws {
        try await inRoom {
            let first = try await service.update("1 of 3", insteadOf: nil)
            await service.streamEnded()
            await service.streamOpened(stream)
            await service.receive(try Verona.own())
            #expect(try await service.update("2 of 3", insteadOf: first) != first)
        }
    }

    @Test("a command gets its sign where the room gives ids, and none elsewhere")
    func sign() async throws {
        try await inRoom {
            let plain = try Verona.message("!status", from: "Romeo")
            await service.acknowledge(try #require(await service.receive(plain)))
            var known = plain
            known.children.append(
                Element("stanza-id", in: .stanzaIDs, ["id": "s7", "by": Verona.room])
            )
            await service.acknowledge(try #require(await service.receive(known)))
            let sign = try #require(await stream.next()?.message)
            #expect(sign.type == .groupchat)
            #expect(sign.body == nil)
            let reactions = try #require(sign.child("reactions", in: .reactions))
            #expect(reactions["id"] == "s7")
            #expect(reactions.child("reaction")?.text == "👀")
        }
    }
}
