import PubSubWire
import Storage
import Testing
import XML
import XMPP

@testable import PubSub

@Suite("No more is advertised than works")
struct ServiceFeaturesTests {
    static let requests: [PubSubRequest] = {
        guard let verse = NodeID(rawValue: "verse"), let item = ItemID(rawValue: "1"),
            let romeo = try? JID("romeo@verona.lit")
        else { return [] }
        return [
            .subscribe(SubscribeRequest(node: verse, jid: romeo)),
            .unsubscribe(UnsubscribeRequest(node: verse, jid: romeo)),
            .subscriptions(nil), .affiliations(nil),
            .options(OptionsRequest(node: verse, jid: romeo)),
            .defaultOptions(nil), .items(ItemsRequest(node: verse)),
            .publish(
                PublishRequest(
                    node: verse,
                    items: [PubSubItem(id: item, payload: Element("verse", in: "urn:verse"))]
                )
            ),
            .retract(RetractRequest(node: verse, ids: [item])),
            .create(CreateRequest(node: nil)),
            .configure(ConfigureRequest(node: verse)), .defaultConfiguration,
            .delete(DeleteRequest(node: verse)), .purge(verse), .subscribers(verse),
            .changeSubscribers(SubscriberChanges(node: verse, changes: [])),
            .affiliates(verse),
            .changeAffiliates(AffiliationChanges(node: verse, changes: [])),
        ]
    }()

    @Test("every kind of request is among them")
    func complete() {
        #expect(Self.requests.count == 18)
    }

    @Test(
        "a request is carried out if, and only if, its feature is advertised",
        arguments: requests
    )
    func honesty(request: PubSubRequest) async throws {
        let store = try Store.inMemory()
        let romeo = try JID("romeo@verona.lit")
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: NodeCreators(jids: [romeo]))
        )
        let effects = try await store.write { transaction in
            var effects: [PubSubEffect] = []
            for step in Self.preparations(for: request) + [request] {
                let iq = step.iq(to: service.domain, from: romeo, id: "1")
                effects = try service.handle(iq, in: transaction)
            }
            return effects
        }
        let isDone = effects.contains { effect in
            if case .reply(let reply) = effect { reply.type == .result } else { false }
        }
        #expect(isDone == ServiceFeatures.pubsub.contains(request.feature))
    }

    /// Romeo's node with an item and himself as a reader.
    private static func preparations(for request: PubSubRequest) -> [PubSubRequest] {
        guard let verse = NodeID(rawValue: "verse") else { return [] }
        let all = requests.filter { candidate in
            switch candidate {
            case .publish, .subscribe: true
            default: false
            }
        }
        return [.create(CreateRequest(node: verse))] + all
    }
}
