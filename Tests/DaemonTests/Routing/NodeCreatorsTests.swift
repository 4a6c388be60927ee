import Logging
import PubSub
import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Who may create nodes")
struct NodeCreatorsTests {
    private let desk: ServiceDesk

    /// Only Rosaline may create nodes, since a room vouches for her.
    init() throws {
        let rosaline = try JID("rosaline@verona.lit")
        desk = ServiceDesk(
            service: PubSubService(domain: try JID("news.verona.lit")),
            store: try Store.inMemory(),
            admits: { $0 == rosaline },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func request(_ person: String, _ payload: String) throws -> IQ {
        let text = """
            <iq xmlns='jabber:component:accept' type='set' id='1' from='\(person)@verona.lit/x'
              to='news.verona.lit'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\(payload)
              </pubsub></iq>
            """
        return try IQ(Element(xml: text))
    }

    private func answers(_ requests: [IQ]) async -> [StanzaError.Condition?] {
        await desk.effects(of: requests).compactMap { effect in
            if case .reply(let reply) = effect { .some(reply.error?.condition) } else { nil }
        }
    }

    @Test("whom a room vouches for may create nodes, by name or by publishing; nobody else may")
    func creators() async throws {
        let item = "<item id='1'><verse xmlns='urn:verse'/></item>"
        let requests = [
            try request("tybalt", "<create node='his'/>"),
            try request("rosaline", "<create node='hers'/>"),
            try request("tybalt", "<publish node='new'>\(item)</publish>"),
            try request("rosaline", "<publish node='new'>\(item)</publish>"),
            try request("tybalt", "<create node='his'/>"),
        ]
        #expect(await answers(requests) == [.forbidden, nil, .itemNotFound, nil, .forbidden])
    }
}
