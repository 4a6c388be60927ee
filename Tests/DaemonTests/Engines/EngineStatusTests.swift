import Foundation
import Logging
import PubSub
import Publishing
import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("What `status` says of a newsletter's engines and moves")
struct EngineStatusTests {
    private let store: Store
    private let domain: JID
    private let former: JID
    private let node: NodeID

    init() throws {
        store = try Store.inMemory()
        domain = try JID("news.verona.example")
        former = try JID("pubsub.padua.example")
        node = try #require(NodeID(rawValue: "dispatch-en"))
    }

    private func newsletter(at engine: String?) throws -> Newsletter {
        var newsletter = Newsletter(
            name: "dispatch",
            title: "The Verona Dispatch",
            contact: try JID("dispatch@news.verona.example"),
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            author: "Friar Lorenzo"
        )
        newsletter.engine = try engine.map { try JID($0) }
        return newsletter
    }

    private func lines(at engine: String?) async throws -> [String] {
        let report = StatusReport(
            domain: domain,
            server: "localhost:5347",
            link: StreamLink(),
            twinCheck: TwinCheck(domain: domain, logger: Logger(label: "test")),
            rooms: [],
            newsletters: [try newsletter(at: engine)],
            store: store
        )
        // The stream and the readers come first, and that nothing is on its way last.
        return try await report.lines(in: "en").dropFirst(2).dropLast()
    }

    private func wish(
        _ reader: String,
        isSubscribed: Bool,
        isMove: Bool = false
    ) throws -> EngineReaderWish {
        EngineReaderWish(
            newsletter: "dispatch",
            service: former,
            node: node,
            reader: try JID(reader),
            isSubscribed: isSubscribed,
            isMove: isMove
        )
    }

    private static let forget = "To drop it: broadsheet engine forget dispatch"
    private static let passOn =
        "To give it to the engine there is now: broadsheet engine pass-on dispatch"

    @Test("what is left for a former engine, readers too, and what can be done about it")
    func leftovers() async throws {
        let wishes = try [
            wish("juliet@capulet.example", isSubscribed: false),
            wish("romeo@montague.example", isSubscribed: true),
        ]
        try await store.write { transaction in
            for wish in wishes { try transaction.addEngineReader(wish, at: Date()) }
        }
        let readers =
            "dispatch: 2 readers were still to be subscribed or unsubscribed at pubsub.padua.example, "
            + "which is not its engine any more."
        let remedy = "That is done if it is the engine again. " + Self.forget
        let elsewhere = try await lines(at: "pubsub.verona.example")
        #expect(elsewhere.dropFirst() == [readers, remedy, Self.passOn])
        // There is no engine to give it to.
        #expect(try await lines(at: nil) == [readers, remedy])
        let current = try await lines(at: former.description)
        #expect(current.first?.hasPrefix("dispatch: 2 readers are still to be") == true)
        #expect(!current.contains(remedy))

        let item = try #require(ItemID(rawValue: "2026-04"))
        let target = EngineTarget(
            newsletter: "dispatch",
            service: former,
            node: node,
            item: item
        )
        try await store.write {
            try $0.addEngineOperation(on: target, publishing: nil, at: Date())
        }
        let changes =
            "dispatch: 1 change waits for pubsub.padua.example, which is not its engine any more."
        #expect(try await lines(at: nil) == [changes, readers, remedy])
        // While its readers come home it is no leftover.
        try await store.write { [former] in
            try $0.startEngineMove(of: "dispatch", at: former, isLeavingHome: false)
        }
        let leaving = try await lines(at: nil)
        #expect(leaving.first?.hasPrefix("dispatch: 1 change is still to be made at") == true)
        #expect(!leaving.contains(remedy))
    }

    @Test("nothing is said to be at the engine but what is known, and never how many read it there")
    func engine() async throws {
        let service = former.description
        let known = "How many read it there, only pubsub.padua.example knows."
        let idle = "dispatch: nothing waits for pubsub.padua.example. " + known
        #expect(try await lines(at: service) == [idle])
        for name in ["2026-04", "2026-05"] {
            let target = EngineTarget(
                newsletter: "dispatch",
                service: former,
                node: node,
                item: try #require(ItemID(rawValue: name))
            )
            try await store.write {
                try $0.addEngineOperation(on: target, publishing: nil, at: Date())
            }
        }
        let waiting = try await lines(at: service)
        #expect(waiting.count == 2 && waiting.last == known)
        try await store.write { [former] transaction in
            while let next = try transaction.nextEngineOperation(of: "dispatch", at: former) {
                try transaction.setEngineOperation(next.id, to: .refused, reason: "Too large.")
            }
        }
        let refused = try await lines(at: service)
        #expect(refused.count == 2 && refused.last == known)
    }

    @Test("readers who wait for an engine are told, be it one that is being left")
    func engineReaders() async throws {
        let wish = try wish("juliet@capulet.example", isSubscribed: true)
        try await store.write { try $0.addEngineReader(wish, at: Date()) }
        let one =
            "dispatch: 1 reader is still to be subscribed or unsubscribed at pubsub.padua.example."
        let known = "How many read it there, only pubsub.padua.example knows."
        #expect(try await lines(at: former.description) == [one, known])
        try await store.write { [former] in
            try $0.startEngineMove(of: "dispatch", at: former, isLeavingHome: false)
        }
        #expect(try await lines(at: nil).first == one)
    }

    @Test("a move home that ended before all was done is not told as one that is over")
    func moveCut() async throws {
        let former = former
        try await store.write { transaction in
            try transaction.startEngineMove(of: "dispatch", at: former, isLeavingHome: false)
            try transaction.setEngineMove(of: "dispatch", to: .moved, reason: "Too many.")
        }
        let line =
            "The Verona Dispatch: not all of it has come back from pubsub.padua.example; 0 PubSub "
            + "readers have. Too many."
        #expect(try await lines(at: former.description).contains(line))
        try await store.write { try $0.setEngineMove(of: "dispatch", to: .moved) }
        #expect(
            try await lines(at: former.description).contains {
                $0.hasSuffix("broadsheet engine move dispatch --to local")
            }
        )
    }

    @Test("a move that waits for a delivery says for which, and what to do if that is held")
    func moveWaits() async throws {
        let newsletter = try newsletter(at: former.description)
        let service = PubSubService(domain: domain)
        let moving = try wish("juliet@capulet.example", isSubscribed: true, isMove: true)
        let item = PublishedItem(
            id: try #require(ItemID(rawValue: "2026-04")),
            payload: Element("entry", in: "x"),
            publisher: newsletter.contact,
            chatSender: newsletter.contact
        )
        let engine = LocalEngine(service: service)
        let fanOut = try await store.write { [node, former] transaction in
            try service.ensureNode(NodeDefinition(id: node, title: "en"), in: transaction)
            _ = try service.subscribe(moving.reader, to: node, in: transaction)
            _ = try engine.publish(item, to: node, note: nil, in: transaction)
            try transaction.startEngineMove(of: "dispatch", at: former, isLeavingHome: true)
            try transaction.addEngineReader(moving, at: Date())
            return try #require(try transaction.unfinishedFanOuts().first)
        }
        func reason() async throws -> String? {
            try await store.read { try EngineMoveReport(of: newsletter, $0)?.reason }
        }
        #expect(
            try await reason() == "'2026-04' goes out from here first, to all who read it here."
        )
        try await store.write { _ = try $0.holdFanOut(fanOut.id) }
        #expect(
            try await reason()
                == "The delivery of '2026-04' is held, and it goes out from here first: "
                + "'broadsheet resume 2026-04', or 'broadsheet cancel 2026-04'."
        )
        try await store.write { _ = try $0.cancelFanOut(fanOut.id, at: Date()) }
        #expect(try await reason() == nil)
    }
}
