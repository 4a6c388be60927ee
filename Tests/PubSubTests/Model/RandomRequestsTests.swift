import Foundation
import PubSub
import PubSubWire
import Storage
import Testing
import XML
import XMPP

/// The service against its model: whatever is asked, both say the same and end up the same.
@Suite("Random requests of random people")
struct RandomRequestsTests {
    @Test("the service agrees with a small model of it, request by request", arguments: 1...12)
    func agreement(seed: Int) async throws {
        let store = try Store.inMemory()
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: Stage.creators, ownersAddReaders: true)
        )
        try await store.write { transaction in
            var dice = Dice(seed: UInt64(seed))
            var model = ServiceModel()
            var mostItems = 0
            for step in 1...300 {
                let (request, node, person) = dice.request()
                let expected = model.carryOut(request, at: node, by: person)
                let iq = try request.iq(at: node, by: person, to: service.domain)
                let effects = try service.handle(iq, in: transaction)
                guard case .reply(let reply)? = effects.first else {
                    Issue.record("no reply")
                    return
                }
                let what = "step \(step): \(request) at \(node) by \(person): \(reply.type)"
                #expect((reply.type == .result) == expected, "\(what)")
                if case .fetch = request, expected {
                    let fetched = reply.payload?.child("items")?.children("item").map { $0["id"] }
                    let items = model.nodes[node]?.items.reversed().map(\.id)
                    #expect(fetched == items, "\(what)")
                }
                #expect(try ServiceModel(transaction) == model, "\(what)")
                guard try ServiceModel(transaction) == model else { return }
                mostItems = max(mostItems, model.nodes.values.map(\.items.count).max() ?? 0)
            }
            #expect(mostItems > 1)
        }
    }
}

// MARK: - What is asked

/// A die whose throws can be repeated.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(next() % UInt64(values.count))]
    }

    private mutating func person() -> String {
        pick(["juliet", "juliet", "romeo", "nurse", "paris", "tybalt"])
    }

    private mutating func items() -> [String] {
        let first = pick(["1", "2", "3", "4"])
        return pick([[first], [first], [first, first == "1" ? "2" : "1"]])
    }

    private mutating func affiliations() -> [String: PubSubAffiliation] {
        var changes: [String: PubSubAffiliation] = [:]
        for _ in 0..<pick([1, 1, 2]) { changes[person()] = pick(PubSubAffiliation.allCases) }
        return changes
    }

    mutating func request() -> (ServiceModel.Request, node: String, person: String) {
        let request: ServiceModel.Request =
            switch next() % 20 {
            case 0...1: .create
            case 2: pick([.delete, .purge, .purge])
            case 3...4:
                .configure(
                    pick([.open, .whitelist, .authorize]),
                    pick(PublishModel.allCases),
                    maxItems: pick([1, 2, 9]),
                    pick(FullNodePolicy.allCases)
                )
            case 5...7: .subscribe(isPublic: pick([true, false]))
            case 8: .fetch
            case 9...10: .unsubscribe
            case 11...13: .publish(items())
            case 14...15: .retract(items())
            case 16...17: .affiliate(affiliations())
            default: .setSubscription(person(), pick(SubscriptionState.allCases))
            }
        return (request, pick(["sonnet", "ode"]), person())
    }
}

extension ServiceModel.Request {
    fileprivate func iq(at node: String, by person: String, to service: JID) throws -> IQ {
        let sender = try JID("\(person)@verona.lit/script")
        return try wireRequest(at: #require(NodeID(rawValue: node)), by: sender.bare)
            .iq(to: service, from: sender, id: "1")
    }

    private func wireRequest(at node: NodeID, by sender: JID) throws -> PubSubRequest {
        switch self {
        case .create: .create(CreateRequest(node: node))
        case .delete: .delete(DeleteRequest(node: node))
        case .purge: .purge(node)
        case .configure(let access, let publish, let maxItems, let policy):
            .configure(
                ConfigureRequest(
                    node: node,
                    form: DataForm(
                        .submit,
                        fields: [
                            .init("pubsub#access_model", values: [access.rawValue]),
                            .init("pubsub#publish_model", values: [publish.rawValue]),
                            .init("pubsub#max_items", values: [String(maxItems)]),
                            .init("pubsub#publish_node_full", values: [policy.rawValue]),
                        ]
                    )
                )
            )
        case .subscribe(let isPublic):
            .subscribe(SubscribeRequest(node: node, jid: sender, isPublic: isPublic))
        case .fetch: .items(ItemsRequest(node: node))
        case .unsubscribe: .unsubscribe(UnsubscribeRequest(node: node, jid: sender))
        case .publish(let ids):
            .publish(
                PublishRequest(
                    node: node,
                    items: ids.map { id in
                        PubSubItem(
                            id: ItemID(rawValue: id),
                            payload: Element("verse", in: "urn:verse")
                        )
                    }
                )
            )
        case .retract(let ids):
            .retract(RetractRequest(node: node, ids: ids.compactMap(ItemID.init(rawValue:))))
        case .affiliate(let changes):
            .changeAffiliates(
                AffiliationChanges(
                    node: node,
                    changes: try changes.map { .init(try JID("\($0)@verona.lit"), $1) }
                )
            )
        case .setSubscription(let reader, let state):
            .changeSubscribers(
                SubscriberChanges(
                    node: node,
                    changes: [
                        PubSubSubscription(
                            node: nil,
                            jid: try JID("\(reader)@verona.lit"),
                            state: state
                        )
                    ]
                )
            )
        }
    }
}

// MARK: - What came of it

extension ServiceModel {
    /// What the database holds.
    fileprivate init(_ transaction: borrowing Transaction) throws {
        for record in try transaction.nodes() {
            var node = Node()
            node.accessModel = record.configuration.accessModel
            node.publishModel = record.configuration.publishModel
            node.maxItems = record.configuration.maxItems ?? .max
            node.fullNodePolicy = record.configuration.fullNodePolicy
            for entry in try transaction.affiliations(with: record.id) {
                node.affiliations[entry.jid.localpart ?? ""] = entry.affiliation
            }
            for entry in try transaction.subscriptions(to: record.id) {
                node.subscriptions[entry.jid.localpart ?? ""] = entry.state
                if entry.isPublic { node.publicSubscribers.insert(entry.jid.localpart ?? "") }
            }
            node.items = try transaction.items(of: record.id).reversed().map { item in
                Item(
                    id: item.name.rawValue,
                    publisher: String(item.publisher.prefix { $0 != "@" })
                )
            }
            #expect(try transaction.itemCount(of: record.id) == node.items.count)
            let readers = node.subscriptions.values.filter { $0 == .subscribed }.count
            #expect(try transaction.subscriptionCount(of: record.id) == readers)
            nodes[record.name.rawValue] = node
        }
    }
}
