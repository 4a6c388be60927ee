import Foundation
import PubSub
import PubSubWire
import Storage
import Testing
import XML
import XMPP

@Suite("Nodes whose items are at another service")
struct ElsewhereTests {
    private let service: PubSubService
    private let store: Store
    private let node: NodeID
    private let romeo: JID
    private let nurse: JID

    init() async throws {
        node = try #require(NodeID(rawValue: "verse of love"))
        let other = try #require(NodeID(rawValue: "prose"))
        (romeo, nurse) = (try JID("romeo@verona.lit/desk"), try JID("nurse@verona.lit"))
        var settings = PubSubSettings()
        settings.elsewhere = [node: try JID("pubsub.mantua.lit")]
        let service = PubSubService(domain: try JID("news.verona.lit"), settings: settings)
        self.service = service
        store = try Store.inMemory()
        let (node, nurse) = (node, nurse)
        try await store.write { transaction in
            for id in [node, other] {
                try service.ensureNode(NodeDefinition(id: id, title: ""), in: transaction)
            }
            let choice = DeliveryChoice(form: .chat)
            _ = try service.subscribe(nurse, to: node, choice: choice, in: transaction)
        }
    }

    private func answer(_ iq: IQ) async throws -> IQ? {
        let effects = try await store.write { [service] in try service.handle(iq, in: $0) }
        for case .reply(let reply) in effects { return reply }
        return nil
    }

    private func error(_ request: PubSubRequest, from sender: JID) async throws -> StanzaError? {
        try await answer(request.iq(to: service.domain, from: sender, id: "1"))?.error
    }

    @Test("whatever is asked of one is answered with where it is (RFC 6120 §8.3.3.5)")
    func gone() async throws {
        let requests: [PubSubRequest] = [
            .subscribe(SubscribeRequest(node: node, jid: romeo)),
            .unsubscribe(UnsubscribeRequest(node: node, jid: romeo)),
            .items(ItemsRequest(node: node)), .create(CreateRequest(node: node)),
            .publish(PublishRequest(node: node, items: [])), .delete(DeleteRequest(node: node)),
            .configure(ConfigureRequest(node: node)), .subscribers(node), .purge(node),
        ]
        for request in requests {
            let error = try await error(request, from: romeo)
            #expect(error?.condition == .gone)
            #expect(error?.location == "xmpp:pubsub.mantua.lit?;node=verse%20of%20love")
        }
        for namespace in [Namespace.discoInfo, .discoItems] {
            let query = Element("query", in: namespace, ["node": node.rawValue])
            let iq = IQ(.get, id: "1", from: romeo, to: service.domain, payload: query)
            #expect(try await answer(iq)?.error?.condition == .gone)
        }
    }

    @Test("who reads in a chat changes and ends that here, and the others are nobody's concern")
    func chatReader() async throws {
        let asked = OptionsRequest(node: node, jid: nurse)
        #expect(try await error(.options(asked), from: nurse) == nil)
        #expect(try await error(.items(ItemsRequest(node: node)), from: nurse)?.condition == .gone)
        let leave = UnsubscribeRequest(node: node, jid: nurse)
        #expect(try await error(.unsubscribe(leave), from: nurse) == nil)
        #expect(try await error(.unsubscribe(leave), from: nurse)?.condition == .gone)
    }

    @Test(
        "who is sent events from here fetches here what they tell of, until they leave (§6.5, XEP-0313)"
    )
    func eventReader() async throws {
        let item = ItemID(rawValue: "i1")
        let (service, node, bare) = (service, node, romeo.bare)
        let id = try #require(item)
        try await store.write { transaction in
            _ = try service.subscribe(bare, to: node, in: transaction)
            let item = PublishedItem(
                id: id,
                payload: Element("entry", in: "x"),
                publisher: service.domain,
                chatSender: service.domain
            )
            _ = try service.publish(item, to: node, in: transaction)
        }
        let request = PubSubRequest.items(ItemsRequest(node: node, ids: [id]))
        let reply = try await answer(request.iq(to: service.domain, from: romeo, id: "1"))
        #expect(try reply?.payload.flatMap { try ItemsReply($0) }?.items.map(\.id) == [id])
        let query = Element("query", in: .archive, ["node": node.rawValue])
        func search(_ reader: JID) async throws -> StanzaError? {
            let iq = IQ(.set, id: "1", from: reader, to: service.domain, payload: query)
            return try await answer(iq)?.error
        }
        #expect(try await search(romeo) == nil)
        #expect(try await search(nurse)?.condition == .gone)
        try await store.write { _ = try service.unsubscribe(bare, from: node, in: $0) }
        #expect(try await error(request, from: romeo)?.condition == .gone)
        #expect(try await search(romeo)?.condition == .gone)
    }

    @Test("who reads it and says so in public is listed there, and here no more (XEP-0465)")
    func publicReaders() async throws {
        let list = try #require(NodeID(rawValue: "urn:xmpp:pps:subscribers:0/\(node)"))
        for reader in [romeo, nurse] {
            let error = try await error(.items(ItemsRequest(node: list)), from: reader)
            #expect(error?.condition == .gone)
            #expect(error?.location?.hasPrefix("xmpp:pubsub.mantua.lit?;node=urn") == true)
        }
        let other = try #require(NodeID(rawValue: "urn:xmpp:pps:subscribers:0/prose"))
        #expect(try await error(.items(ItemsRequest(node: other)), from: romeo) == nil)
    }

    @Test("the list of nodes points there, and to us for all others (XEP-0030 §4.1)")
    func list() async throws {
        let query = Element("query", in: .discoItems)
        let iq = IQ(.get, id: "1", from: romeo, to: service.domain, payload: query)
        let entries = try #require(try await answer(iq)?.payload.map(DiscoItems.init)).entries
        let found = entries.map { "\($0.jid) \($0.node ?? "")" }
        #expect(found == ["news.verona.lit prose", "pubsub.mantua.lit verse of love"])
    }
}
