import Clocks
import Commands
import Logging
import Testing
import XML
import XMPP

@testable import Newsroom

/// Messages that somebody points at with a sign, so that they become news.
@Suite(.timeLimit(.minutes(10))) struct RoomMemoryTests {
    private let stream = RecordedStream()
    private let service: RoomService

    init() throws {
        var configuration = try Verona.configuration()
        configuration.newsSign = "📰"
        configuration.rememberedMessages = 3
        service = RoomService(
            configuration,
            rights: RightsTable(rooms: [try JID(Verona.room): [.member: .editor]], people: [:]),
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// In the room with Rosa, who is an editor, and Paris, who is not.
    private func inRoom(_ test: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            await service.streamOpened(stream)
            await service.receive(try Verona.own())
            await service.receive(
                try Verona.presence("Rosa", affiliation: "member", occupantID: "o-rosa")
            )
            await service.receive(try Verona.presence("Paris", occupantID: "o-paris"))
            try await test()
            group.cancelAll()
        }
    }

    private func says(_ text: String, _ nick: String, id: String) async throws {
        var message = try Verona.message(text, from: nick)
        message.children.append(
            Element("stanza-id", in: .stanzaIDs, ["id": id, "by": Verona.room])
        )
        #expect(await service.receive(message) == nil)
    }

    private func reacts(
        _ nick: String,
        to id: String,
        _ signs: String...,
        occupantID: String? = nil,
        delayed: Bool = false
    ) async throws -> RoomCommand? {
        var message = Message(
            .groupchat,
            from: try Verona.occupant(nick),
            to: try JID(Verona.address)
        )
        message.children.append(
            Element("reactions", in: .reactions, ["id": id]) {
                for sign in signs { Element("reaction") { sign } }
            }
        )
        if let occupantID {
            message.children.append(Element("occupant-id", in: .occupantID, ["id": occupantID]))
        }
        if delayed {
            message.children.append(Element("delay", in: .delay, ["stamp": "2026-11-21T08:00:00Z"]))
        }
        return await service.receive(message)
    }

    @Test("an editor's sign on somebody's message collects it in the author's name, once")
    func collecting() async throws {
        try await inRoom {
            try await says("Ladder 2 is out:\nhttps://ladder.example/2.", "Paris", id: "m1")
            let command = try #require(
                try await reacts("Rosa", to: "m1", "👍", "📰", occupantID: "o-rosa")
            )
            #expect(
                command.line == "news add https://ladder.example/2 Ladder 2 is out: (by Paris)"
            )
            #expect(command.invoker.displayName == "Rosa" && command.invoker.role == .editor)
            #expect(command.original.nick == "Paris", "the answer stands under the message")
            #expect(try await reacts("Rosa", to: "m1", "📰") == nil, "once is enough")
        }
    }

    @Test("a sign of which nothing came, for want of room in the queue, counts anew")
    func dropped() async throws {
        try await inRoom {
            try await says("https://ladder.example/2", "Paris", id: "m1")
            let command = try #require(try await reacts("Rosa", to: "m1", "📰"))
            await service.dropped(command)
            #expect(try await reacts("Rosa", to: "m1", "📰")?.line == command.line)
            #expect(try await reacts("Rosa", to: "m1", "📰") == nil)
        }
    }

    @Test("nobody else's sign does, nor another sign, nor one that is long past")
    func ignored() async throws {
        try await inRoom {
            try await says("https://ladder.example/2", "Paris", id: "m1")
            #expect(try await reacts("Paris", to: "m1", "📰") == nil, "no editor")
            #expect(try await reacts("Tybalt", to: "m1", "📰") == nil, "not in the room")
            #expect(try await reacts("Rosa", to: "m1", "📰", occupantID: "o-paris") == nil, "nick")
            #expect(try await reacts("Rosa", to: "m1", "👍") == nil)
            #expect(try await reacts("Rosa", to: "m1") == nil, "all signs taken back")
            #expect(try await reacts("Rosa", to: "m2", "📰") == nil, "unknown")
            #expect(try await reacts("Rosa", to: "m1", "📰", delayed: true) == nil)
            #expect(try await reacts("Gazette", to: "m1", "📰") == nil, "ours")
            #expect(try await reacts("Rosa", to: "m1", "📰\u{FE0F}") != nil, "after all that")
        }
    }

    @Test("only so many messages are remembered as the operator allows")
    func bound() async throws {
        try await inRoom {
            for number in 1...4 {
                try await says("https://a.example/\(number)", "Paris", id: "m\(number)")
            }
            #expect(try await reacts("Rosa", to: "m1", "📰") == nil)
            #expect(try await reacts("Rosa", to: "m2", "📰") != nil)
        }
    }

    @Test("a message without an address is answered as the command would be")
    func withoutAddress() async throws {
        try await inRoom {
            try await says("Good night", "Paris", id: "m1")
            #expect(try await reacts("Rosa", to: "m1", "📰")?.line == "news add")
        }
    }

    @Test("what somebody claims to be an id of the room is none")
    func claimedID() async throws {
        try await inRoom {
            var message = try Verona.message("https://a.example", from: "Paris", id: "m1")
            message.children.append(
                Element("stanza-id", in: .stanzaIDs, ["id": "m1", "by": "paris@verona.lit"])
            )
            #expect(await service.receive(message) == nil)
            #expect(try await reacts("Rosa", to: "m1", "📰") == nil)
        }
    }
}
