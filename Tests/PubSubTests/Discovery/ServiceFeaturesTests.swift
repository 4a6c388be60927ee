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
            .publish(PublishRequest(node: verse, items: [PubSubItem(id: item)])),
            .retract(RetractRequest(node: verse, ids: [item])),
            .create(CreateRequest(node: verse)),
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
        let service = PubSubService(domain: try JID("news.verona.lit"))
        let romeo = try JID("romeo@verona.lit")
        let verse = try #require(NodeID(rawValue: "verse"))
        let iq = request.iq(to: service.domain, from: romeo, id: "1")
        let effects = try await store.write { transaction in
            try service.ensureNode(NodeDefinition(id: verse, title: ""), in: transaction)
            if case .subscribe = request {
            } else {
                _ = try service.subscribe(romeo, to: verse, in: transaction)
            }
            return try service.handle(iq, in: transaction)
        }
        let isDone = effects.contains { effect in
            if case .reply(let reply) = effect { reply.type == .result } else { false }
        }
        #expect(isDone == ServiceFeatures.pubsub.contains(request.feature))
    }
}
