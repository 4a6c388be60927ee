import Foundation
import PubSub
import Storage
import Testing
import XML
import XMPP

@Suite("What other parts of the program do with the service")
struct InsideTests {
    let store: Store
    let service: PubSubService
    let verse: NodeID
    let drafts: NodeID
    let romeo: JID

    init() async throws {
        let store = try Store.inMemory()
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(roomDomains: ["rooms.lit"]),
            now: { Date(timeIntervalSince1970: 1_795_248_000) }
        )
        let verse = try #require(NodeID(rawValue: "verse"))
        let drafts = try #require(NodeID(rawValue: "drafts"))
        try await store.write { transaction in
            try service.ensureNode(NodeDefinition(id: verse, title: "Verse"), in: transaction)
            try service.ensureNode(
                NodeDefinition(id: drafts, title: "", isHidden: true),
                in: transaction
            )
        }
        self.store = store
        self.service = service
        self.verse = verse
        self.drafts = drafts
        romeo = try JID("romeo@verona.lit")
    }

    private func subscribe(
        _ reader: JID,
        to node: NodeID,
        choice: DeliveryChoice = DeliveryChoice()
    ) async throws -> SubscribeOutcome {
        try await store.write { [service] transaction in
            try service.subscribe(reader, to: node, choice: choice, in: transaction)
        }
    }

    private func unsubscribe() async throws {
        try await store.write { [service, romeo, verse] transaction in
            try service.unsubscribe(romeo, from: verse, in: transaction)
        }
    }

    private func choose(_ choice: DeliveryChoice) async throws {
        try await store.write { [service, romeo, verse] transaction in
            try service.choose(choice, for: romeo, at: verse, in: transaction)
        }
    }

    private func subscriptions() async throws -> [ReaderSubscription] {
        try await store.read { [service, romeo] transaction in
            try service.subscriptions(of: romeo, in: transaction)
        }
    }

    @Test("a node that is configured anew keeps its readers, its items and its age")
    func reconfigure() async throws {
        let item = PublishedItem(
            id: try #require(ItemID(rawValue: "1")),
            payload: Element("verse", in: "urn:verse"),
            publisher: romeo,
            chatSender: romeo
        )
        _ = try await subscribe(romeo, to: verse)
        let before = try await store.write { [service, verse] transaction in
            _ = try service.publish(item, to: verse, in: transaction)
            return try transaction.node(named: verse)
        }
        let later = PubSubService(domain: service.domain, now: { Date() })
        let returned = try await store.write { [verse] transaction in
            try later.ensureNode(
                NodeDefinition(id: verse, language: "it", title: "Versi"),
                in: transaction
            )
        }
        let (after, items, readers) = try await store.read { [verse] transaction in
            (
                try transaction.node(named: verse),
                try transaction.itemCount(of: returned.id),
                try transaction.subscriptionCount(of: returned.id)
            )
        }
        #expect(after == returned)
        #expect(after?.id == before?.id)
        #expect(after?.node.createdAt == before?.node.createdAt)
        #expect(after?.configuration.title == "Versi" && after?.configuration.language == "it")
        #expect(items == 1 && readers == 1)
    }

    @Test("a reader who comes by chat has the one subscription, and can change and end it")
    func chat() async throws {
        let full = DeliveryChoice(form: .chat, amount: .full)
        let first = try await subscribe(romeo, to: verse, choice: full)
        #expect(first == .created(first.record))
        #expect(try await subscribe(romeo, to: verse) == .existing(first.record))
        let short = DeliveryChoice(form: .chat, amount: .short)
        try await choose(short)
        #expect(try await subscriptions().map(\.node) == [verse])
        #expect(try await subscriptions().map(\.record.choice) == [short])
        try await unsubscribe()
        #expect(try await subscriptions().isEmpty)
        let missing = PubSubError.notSubscribed(romeo, verse)
        await #expect(throws: missing) { try await unsubscribe() }
        await #expect(throws: missing) { try await choose(full) }
    }

    @Test("the rules are those of the wire: rooms and hidden nodes")
    func rules() async throws {
        let occupant = try JID("balcony@rooms.lit/romeo")
        await #expect(throws: PubSubError.addressInRoom(occupant)) {
            try await subscribe(occupant, to: verse)
        }
        await #expect(throws: PubSubError.nodeNotFound(drafts)) {
            try await subscribe(romeo, to: drafts)
        }
        #expect(try await subscriptions().isEmpty)
    }

    @Test("a hidden node is there for whom it was opened to, and missing for everybody else")
    func hidden() async throws {
        let juliet = try JID("juliet@verona.lit")
        let record = try await store.write { [service, drafts, romeo] transaction in
            let definition = NodeDefinition(id: drafts, title: "Drafts", isHidden: true)
            let record = try service.ensureNode(definition, in: transaction)
            try service.admit(romeo, to: record, in: transaction)
            // Made anew, it is still open to the same people, and to nobody else.
            return try service.ensureNode(definition, in: transaction)
        }
        #expect(record.configuration.accessModel == .whitelist)
        #expect(try await subscribe(try JID("romeo@verona.lit/orchard"), to: drafts).isCreated)
        #expect(try await subscriptions().map(\.node) == [drafts])
        await #expect(throws: PubSubError.nodeNotFound(drafts)) {
            try await subscribe(juliet, to: drafts)
        }
    }

    @Test("a node that is not open is for its members only (§6.1.3.4)")
    func membersOnly() async throws {
        try await store.write { [verse] transaction in
            guard var record = try transaction.node(named: verse) else { return }
            record.configuration.accessModel = .whitelist
            try transaction.updateNode(record)
        }
        await #expect(throws: PubSubError.closedNode(verse)) {
            try await subscribe(romeo, to: verse)
        }
        try await store.write { [verse, romeo] transaction in
            guard let record = try transaction.node(named: verse) else { return }
            try transaction.setAffiliation(.member, of: romeo, with: record.id)
        }
        let outcome = try await subscribe(romeo, to: verse)
        #expect(outcome.record.state == .subscribed)
    }
}

extension SubscribeOutcome {
    fileprivate var isCreated: Bool {
        if case .created = self { true } else { false }
    }
}
