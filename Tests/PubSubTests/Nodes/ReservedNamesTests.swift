import PubSub
import Storage
import Testing
import XML
import XMPP

@Suite("The names of the newsletters' nodes")
struct ReservedNamesTests {
    private func name(_ text: String) throws -> NodeID {
        try #require(NodeID(rawValue: text))
    }

    private func settings() throws -> PubSubSettings {
        var settings = PubSubSettings(creators: Stage.creators)
        settings.reservedNames = ReservedNames(
            names: [try name("verse"), try name("drafts"), try name("verse-draft")],
            prefixes: ["verse-"]
        )
        return settings
    }

    @Test("nobody makes a node called as one of ours, or as one would be called")
    func reserved() async throws {
        func creates(_ node: String) -> String { Lines.set("juliet", "<create node='\(node)'/>") }
        let item = "<item id='1'><verse xmlns='urn:verse'/></item>"
        try await conversation(
            with: "news.verona.lit",
            on: try await Stage(settings: settings()),
            creates("verse") + Lines.refused("juliet", "cancel", "conflict")
                + creates("verse-draft") + Lines.refused("juliet", "auth", "forbidden")
                + creates("verse-de") + Lines.refused("juliet", "auth", "forbidden")
                // Hidden, and there.
                + creates("drafts") + Lines.refused("juliet", "auth", "forbidden")
                + Lines.set("juliet", "<publish node='verse-fr'>\(item)</publish>")
                + Lines.refused("juliet", "auth", "forbidden")
                + Lines.created("verses")
        )
    }

    @Test("what somebody has made does not become the newsletter's, and stays as it is")
    func taken() async throws {
        let store = try Store.inMemory()
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: Stage.creators)
        )
        let juliet = try JID("juliet@verona.lit")
        let node = try name("verse-de")
        let create = Element("pubsub", in: .pubsub) { Element("create", ["node": "verse-de"]) }
        let request = IQ(.set, id: "1", from: juliet, to: service.domain, payload: create)
        _ = try await store.write { try service.handle(request, in: $0) }
        let before = try await store.read { try $0.node(named: node) }
        await #expect(throws: PubSubError.nodeOfAnother(node, creator: juliet)) {
            try await store.write { transaction in
                let definition = NodeDefinition(id: node, newsletter: "verse", title: "Verse")
                _ = try service.ensureNode(definition, in: transaction)
            }
        }
        #expect(try await store.read { try $0.node(named: node) } == before)
        #expect(before?.node.creator == juliet)
    }
}
