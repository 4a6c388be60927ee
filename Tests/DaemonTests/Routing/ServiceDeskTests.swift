import Foundation
import Logging
import PubSub
@testable import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Requests that arrive together")
struct ServiceDeskTests {
    let store: Store
    let desk: ServiceDesk
    let domain: JID
    let reader: JID

    init() async throws {
        store = try Store.inMemory()
        domain = try JID("news.verona.lit")
        reader = try JID("romeo@verona.lit/orchard")
        let service = PubSubService(domain: domain)
        desk = ServiceDesk(
            service: service,
            store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let node = try #require(NodeID(rawValue: "verse"))
        try await store.write { transaction in
            _ = try service.ensureNode(NodeDefinition(id: node, title: "Verse"), in: transaction)
        }
    }

    private func request(_ type: IQ.IQType, _ id: String, _ payload: String) throws -> IQ {
        IQ(type, id: id, from: reader, to: domain, payload: try Element(xml: payload))
    }

    private func subscribe(_ id: String) throws -> IQ {
        try request(
            .set,
            id,
            """
            <pubsub xmlns='http://jabber.org/protocol/pubsub'>
              <subscribe node='verse' jid='romeo@verona.lit'/></pubsub>
            """
        )
    }

    private func subscriptions(_ id: String) throws -> IQ {
        try request(
            .get,
            id,
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub>"
        )
    }

    private func replies(_ effects: [PubSubEffect]) -> [IQ] {
        effects.compactMap { if case .reply(let reply) = $0 { reply } else { nil } }
    }

    private func subscriptionCount(in reply: IQ) -> Int? {
        reply.payload?.child("subscriptions")?.children("subscription").count
    }

    /// Ends a subscription's lease long ago, as if the service had slept over it.
    private func lease(_ reader: JID, until date: Date) async throws {
        let node = try #require(NodeID(rawValue: "verse"))
        try await store.write { transaction in
            guard let record = try transaction.node(named: node) else { return }
            let choice = DeliveryChoice(expiresAt: date)
            _ = try transaction.subscribe(reader, to: record.id, choice: choice, at: date)
        }
    }

    @Test("are answered in their order, and what one asks shows what one before it changed")
    func order() async throws {
        let effects = await desk.effects(of: [
            try subscriptions("1"), try subscribe("2"), try subscriptions("3"),
        ])
        let replies = replies(effects)
        #expect(replies.map(\.id) == ["1", "2", "3"])
        #expect(replies.map(\.type) == [.result, .result, .result])
        #expect(subscriptionCount(in: replies[0]) == 0)
        #expect(subscriptionCount(in: replies[2]) == 1)
    }

    @Test("a refused one leaves the others as they are")
    func refused() async throws {
        let other = try request(
            .set,
            "1",
            """
            <pubsub xmlns='http://jabber.org/protocol/pubsub'>
              <subscribe node='verse' jid='juliet@verona.lit'/></pubsub>
            """
        )
        let effects = await desk.effects(of: [other, try subscribe("2"), try subscriptions("3")])
        #expect(replies(effects).map(\.type) == [.error, .result, .result])
        #expect(subscriptionCount(in: replies(effects)[2]) == 1)
    }

    @Test("those that only ask don't wait for one who writes")
    func reading() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "news.sqlite").path)
        let desk = ServiceDesk(service: desk.service, store: store, logger: desk.logger)
        let (answered, tell) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        let writing = Task {
            try await store.write { _ in
                tell.yield()
                gate.wait()
            }
        }
        for await _ in answered { break }
        // The writer goes on only after the answer.
        let replies = replies(await desk.effects(of: [try subscriptions("1")]))
        gate.signal()
        try await writing.value
        #expect(replies.map(\.type) == [.result])
    }

    @Test("who only asks meets no lease that is over, and its end is told")
    func lease() async throws {
        try await lease(reader.bare, until: Date(timeIntervalSince1970: 1_000_000))
        let effects = await desk.effects(of: [try subscriptions("1")])
        #expect(replies(effects).map(subscriptionCount) == [0])
        let notices = effects.filter { if case .message = $0 { true } else { false } }
        #expect(notices.count == 1)
    }

    @Test("an error of the database is told, and only to the one who met it")
    func broken() async throws {
        // Nobody here writes such a word; only the second request reads it.
        try await lease(reader.bare, until: Date.distantFuture)
        try await store.write { try $0.run("UPDATE subscription SET form = 'pigeon'") }
        let info = try request(
            .get,
            "1",
            "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        )
        let effects = await desk.effects(of: [info, try subscriptions("2"), info])
        #expect(replies(effects).map(\.type) == [.result, .error, .result])
        #expect(replies(effects)[1].error?.condition == .internalServerError)
    }

    @Test(
        "those who ask for much are answered in portions, whether they only ask or not",
        arguments: [true, false]
    )
    func portions(onlyAsks: Bool) async throws {
        let node = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "long"))
        try await store.write { [desk, domain] transaction in
            _ = try desk.service.publish(
                PublishedItem(
                    id: item,
                    payload: Element("verse", in: "urn:verse") {
                        String(repeating: "o", count: 40_000)
                    },
                    publisher: domain,
                    chatSender: domain
                ),
                to: node,
                in: transaction
            )
        }
        var desk = desk
        desk.portionSize = 100_000
        var requests = try (1...10).map { number in
            try request(
                number.isMultiple(of: 2) ? .get : .set,
                "\(number)",
                number.isMultiple(of: 2)
                    ? """
                    <pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='verse'/></pubsub>
                    """
                    : "<query xmlns='urn:xmpp:mam:2' node='verse'/>"
            )
        }
        if !onlyAsks { requests.append(try subscribe("11")) }
        let first = await desk.portion(of: requests[...])
        #expect(first.count == 3)
        // Of an archive comes the item, and then that it was all.
        #expect(first.effects.count == 5)
        let all = replies(await desk.effects(of: requests))
        #expect(all.map(\.id) == requests.map(\.id))
        #expect(all.map(\.type) == requests.map { _ in .result })
    }

    @Test("what new readers are sent counts, too, for how much is made at once")
    func welcomes() async throws {
        let node = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "long"))
        let readers = try (0..<10).map { try JID("r\($0)@verona.lit") }
        try await store.write { [desk, domain] transaction in
            var record = try #require(try transaction.node(named: node))
            record.configuration.lastItemPolicy = .onSubscription
            try transaction.updateNode(record)
            _ = try desk.service.publish(
                PublishedItem(
                    id: item,
                    payload: Element("verse", in: "urn:verse") {
                        String(repeating: "o", count: 40_000)
                    },
                    publisher: domain,
                    chatSender: domain
                ),
                to: node,
                in: transaction
            )
        }
        var desk = desk
        desk.portionSize = 100_000
        let requests = try readers.map { reader in
            let payload = """
                <pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <subscribe node='verse' jid='\(reader)'/></pubsub>
                """
            let element = try Element(xml: payload)
            return IQ(.set, id: "\(reader)", from: reader, to: domain, payload: element)
        }
        let first = await desk.portion(of: requests[...])
        #expect(first.count == 3)
        #expect(first.effects.count == 6)
        let rest = await desk.effects(of: Array(requests.dropFirst(first.count)))
        #expect(replies(first.effects + rest).map(\.id) == requests.map(\.id))
    }
}

extension ServiceDesk {
    /// All that the requests lead to.
    nonisolated(nonsending) func effects(of requests: [IQ]) async -> [PubSubEffect] {
        var (rest, effects) = (requests[...], [PubSubEffect]())
        while !rest.isEmpty {
            let portion = await portion(of: rest)
            effects += portion.effects
            rest = rest.dropFirst(portion.count)
        }
        return effects
    }
}
