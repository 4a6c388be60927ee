import PubSub
import Storage
import Testing
import XML
import XMPP

@Suite("A node that is opened to those who wait")
struct OpenedNodeTests {
    private let store: Store
    private let service: PubSubService
    private let juliet: JID

    init() async throws {
        store = try Store.inMemory()
        juliet = try JID("juliet@verona.lit")
        service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: NodeCreators(jids: [juliet]))
        )
    }

    @discardableResult
    private func ask(
        _ sender: JID,
        _ action: String,
        in namespace: String = "pubsub"
    ) async throws -> [PubSubEffect] {
        let pubsub = "<pubsub xmlns='http://jabber.org/protocol/\(namespace)'>\(action)</pubsub>"
        let payload = try Element(xml: pubsub)
        let iq = IQ(.set, id: "1", from: sender, to: service.domain, payload: payload)
        let effects = try await store.write { [service] in try service.handle(iq, in: $0) }
        guard case .reply(let reply)? = effects.first else { return effects }
        #expect(reply.type == .result)
        return effects
    }

    private func configure(_ fields: [String: String]) -> String {
        let fields = fields.map { "<field var='pubsub#\($0)'><value>\($1)</value></field>" }
        return """
            <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
              \(fields.joined())</x></configure>
            """
    }

    @Test("all are sent its newest item, which is in memory once")
    func shared() async throws {
        try await ask(juliet, "<create node='sonnet'/>")
        let settings = ["access_model": "authorize", "send_last_published_item": "on_sub"]
        try await ask(juliet, configure(settings), in: "pubsub#owner")
        let text = String(repeating: "o", count: 150_000)
        let item = "<item id='1'><verse xmlns='urn:verse'>\(text)</verse></item>"
        try await ask(juliet, "<publish node='sonnet'>\(item)</publish>")
        let readers = try (0..<20).map { try JID("r\($0)@verona.lit") }
        for reader in readers {
            try await ask(reader, "<subscribe node='sonnet' jid='\(reader)'/>")
        }
        let opening = configure(["access_model": "open"])
        let effects = try await ask(juliet, opening, in: "pubsub#owner")
        let verses = effects.compactMap { effect -> Element? in
            guard case .message(let message) = effect else { return nil }
            return message.child("event", in: .pubsubEvent)?.child("items")?.child("item")?
                .elements.first { $0.name == "verse" }
        }
        let (count, first) = (verses.count, try #require(verses.first))
        #expect(count == readers.count)
        let isWhole = first.text == text
        #expect(isWhole)
        let isShared = verses.allSatisfy(first.sharesContent)
        #expect(isShared)
        // Whoever writes them counts each, and does so in portions.
        let size = effects.map(\.size).reduce(0, +)
        #expect(size > readers.count * text.utf8.count)
    }
}
