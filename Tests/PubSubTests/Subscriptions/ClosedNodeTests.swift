import Foundation
import PubSub
import Storage
import Testing
import XML
import XMPP

@Suite("A node with very many readers that is closed to most of them (§14.3)")
struct ClosedNodeTests {
    private let store: Store
    private let service: PubSubService
    private let juliet: JID
    private let nurse: JID
    private let sonnet: NodeID

    init() async throws {
        store = try Store.inMemory()
        juliet = try JID("juliet@verona.lit")
        nurse = try JID("nurse@verona.lit")
        sonnet = try #require(NodeID(rawValue: "sonnet"))
        var settings = PubSubSettings(creators: NodeCreators(jids: [juliet]))
        settings.ownersAddReaders = true
        settings.maximumPendingSubscriptions = 20_000
        settings.signUps = SignUpLimits(perDomain: 0, total: 0)
        service = PubSubService(domain: try JID("news.verona.lit"), settings: settings)
    }

    private func ask(
        _ action: String,
        in namespace: String = "pubsub#owner"
    ) async throws -> [PubSubEffect] {
        let pubsub = "<pubsub xmlns='http://jabber.org/protocol/\(namespace)'>\(action)</pubsub>"
        let payload = try Element(xml: pubsub)
        let iq = IQ(.set, id: "1", from: juliet, to: service.domain, payload: payload)
        let effects = try await store.write { [service] in try service.handle(iq, in: $0) }
        guard case .reply(let reply)? = effects.first else { return effects }
        #expect(reply.type == .result)
        return Array(effects.dropFirst())
    }

    private func configure(_ fields: [String: String]) async throws -> [PubSubEffect] {
        let fields = fields.map { "<field var='pubsub#\($0)'><value>\($1)</value></field>" }
        return try await ask(
            """
            <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
              \(fields.joined())</x></configure>
            """
        )
    }

    /// Juliet's node, with the nurse as another owner who wants to know who comes and goes.
    private func makeNode(_ accessModel: String) async throws {
        _ = try await ask("<create node='sonnet'/>", in: "pubsub")
        _ = try await configure(["access_model": accessModel, "notify_sub": "1"])
        try await affiliate(nurse, as: "owner")
    }

    private func affiliate(_ person: JID, as affiliation: String) async throws {
        _ = try await ask(
            """
            <affiliations node='sonnet'><affiliation jid='\(person)' affiliation='\(affiliation)'/>
            </affiliations>
            """
        )
    }

    private func subscribe(_ readers: [JID]) async throws {
        try await store.write { [service, sonnet] transaction in
            for reader in readers {
                _ = try service.subscribe(reader, to: sonnet, in: transaction)
            }
        }
    }

    private func subscribers() async throws -> [SubscriptionRecord] {
        try await store.read { [sonnet] transaction in
            guard let record = try transaction.node(named: sonnet) else { return [] }
            return try transaction.subscriptions(to: record.id)
        }
    }

    /// Who is told of whose subscription, and how it is now.
    private func told(by effects: [PubSubEffect]) -> [[String]] {
        effects.flatMap { effect -> [Message] in
            switch effect {
            case .message(let message): [message]
            case .subscriptionsEnded(let ended): Array(ended.messages)
            default: []
            }
        }
        .map { message in
            let subscription = message.child("event", in: .pubsubEvent)?.child("subscription")
            return [
                message.to?.description ?? "", subscription?["jid"] ?? "",
                subscription?["subscription"] ?? "",
            ]
        }
    }

    private static let number = 10_001

    private static func readers() throws -> [JID] {
        try (0..<number).map { number in
            // Some read with a single client.
            try JID("r\(number)@verona.lit" + (number % 10 == 0 ? "/orchard" : ""))
        }
    }

    @Test("all go but members and owners; each is told, and so is who wants to know")
    func closed() async throws {
        try await makeNode("open")
        let readers = try Self.readers()
        try await subscribe(readers + [nurse])
        // At the ends of what is read at once, and in the middle.
        let members = [0, 250, 499, 500, 501, 999, 10_000].map { readers[$0] }
        for member in members { try await affiliate(member.bare, as: "member") }
        let effects = try await configure(["access_model": "whitelist"])
        #expect(try await subscribers().map(\.jid) == members + [nurse])
        let gone = readers.filter { !members.contains($0) }.map(\.description)
        let expected = gone.flatMap { [[$0, $0, "none"], [nurse.description, $0, "none"]] }
        let isRight = told(by: effects) == expected
        #expect(isRight)
        // Not a stanza for each in memory, whose size is known all the same.
        #expect(effects.count < 5)
        #expect(effects.contains(.deliveryRecalled))
        let size = effects.map(\.size).reduce(0, +)
        #expect(size > 2 * gone.count * 80)
    }

    @Test("all who wait are let in when it is opened, and nobody twice")
    func opened() async throws {
        try await makeNode("open")
        let readers = try Self.readers()
        let (early, late) = (Array(readers.prefix(600)), Array(readers.suffix(1_200)))
        try await subscribe(early)
        #expect(told(by: try await configure(["access_model": "authorize"])).isEmpty)
        try await subscribe(late)
        let effects = try await configure(["access_model": "open"])
        let subscribers = try await subscribers()
        #expect(subscribers.map(\.jid) == early + late)
        #expect(subscribers.allSatisfy { $0.state == .subscribed })
        let expected = late.map(\.description).flatMap {
            [[$0, $0, "subscribed"], [nurse.description, $0, "subscribed"]]
        }
        let isRight = told(by: effects) == expected
        #expect(isRight)
        #expect(!effects.contains(.deliveryRecalled))
    }
}
