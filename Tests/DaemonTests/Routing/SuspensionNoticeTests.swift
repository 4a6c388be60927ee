import Storage
import Testing
import XMPP

@testable import Daemon
@testable import Delivery

@Suite("The notice of a suspension")
struct SuspensionNoticeTests {
    @Test(
        "whom too much came back from is told in the language of the issues, or in English",
        arguments: [("fr", "fr"), ("de-AT", "de"), ("ja", "en"), (nil, "en")] as [(String?, String)]
    )
    func language(issues: String?, notice: String) async throws {
        let store = try Store.inMemory()
        let name = try #require(NodeID(rawValue: "verse"))
        let reader = try await store.write { transaction in
            let node = try transaction.createNode(NewNode(name: name, createdAt: .now))
            let id = node?.id ?? NodeRowID(rawValue: 0)
            return try transaction.subscribe(try JID("juliet@verona.lit"), to: id, at: .now).record
        }
        let bounce = Bounce(
            fanOut: FanOutRowID(rawValue: 1),
            reader: reader,
            sender: try JID("news.verona.lit"),
            error: StanzaError(.serviceUnavailable),
            verdict: .score,
            isSuspended: true,
            language: issues
        )
        let message = Message(suspending: bounce)
        #expect(message.to == reader.jid)
        #expect(message.xmlLang == notice)
        #expect(message.body == DaemonTexts.all.texts(in: notice)("reader.suspended"))
        #expect(message.body?.contains("reader.suspended") == false)
        #expect(message.type == .chat)
    }

    @Test("whoever reads in a chat can tap what begins anew")
    func wayBack() async throws {
        let store = try Store.inMemory()
        let name = try #require(NodeID(rawValue: "verse"))
        let reader = try await store.write { transaction in
            let node = try transaction.createNode(NewNode(name: name, createdAt: .now))
            return try transaction.subscribe(
                try JID("juliet@verona.lit"),
                to: try #require(node?.id),
                choice: DeliveryChoice(form: .chat),
                at: .now
            ).record
        }
        let bounce = Bounce(
            fanOut: FanOutRowID(rawValue: 1),
            reader: reader,
            sender: try JID("dispatch@news.verona.lit"),
            error: StanzaError(.serviceUnavailable),
            verdict: .score,
            isSuspended: true
        )
        let body = Message(suspending: bounce).body ?? ""
        #expect(body.hasSuffix("\nxmpp:dispatch@news.verona.lit?message;body=subscribe"))
    }

    @Test("a room that reads is told by one of those in it, as it takes nothing else")
    func room() async throws {
        let store = try Store.inMemory()
        let (name, square) = (NodeID(rawValue: "verse"), try JID("square@rooms.verona.lit"))
        let reader = try await store.write { transaction in
            let new = NewNode(name: try #require(name), createdAt: .now)
            let node = try #require(try transaction.createNode(new))
            let choice = DeliveryChoice(form: .room)
            return try transaction.subscribe(square, to: node.id, choice: choice, at: .now).record
        }
        let occupant = try JID("dispatch@news.verona.lit/The Dispatch")
        let bounce = Bounce(
            fanOut: FanOutRowID(rawValue: 1),
            reader: reader,
            sender: occupant,
            error: StanzaError(.notAcceptable),
            verdict: .score,
            isSuspended: true
        )
        let message = Message(suspending: bounce)
        #expect(message.type == .groupchat && message.to == square && message.from == occupant)
    }
}
