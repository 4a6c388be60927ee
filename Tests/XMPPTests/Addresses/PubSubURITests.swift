import Testing
import XMPP

/// Where clients find nodes and items.
@Suite struct PubSubURITests {
    @Test(
        "an item's address is one that clients can take apart (XEP-0147 §2)",
        arguments: [
            ("dispatch-en", "2026-04-05-dispatch", "node=dispatch-en;item=2026-04-05-dispatch"),
            ("a/b", "one.two~3", "node=a/b;item=one.two~3"),
            ("Ostern & Co", "50%", "node=Ostern%20%26%20Co;item=50%25"),
            ("x;item=y", "a=b", "node=x%3Bitem%3Dy;item=a%3Db"),
            ("übersicht", "№1", "node=%C3%BCbersicht;item=%E2%84%961"),
            ("line\nend", "\u{1}", "node=line%0Aend;item=%01"),
        ]
    )
    func item(node: String, item: String, expected: String) throws {
        let uri = PubSubURI(
            try JID("news.verona.example"),
            node: try #require(NodeID(rawValue: node)),
            item: ItemID(rawValue: item)
        )
        #expect(uri.description == "xmpp:news.verona.example?;\(expected)")
    }

    @Test("a node's address names no item (XEP-0060 §12.21)")
    func node() throws {
        let node = try #require(NodeID(rawValue: "verse of love"))
        let uri = PubSubURI(try JID("pubsub.mantua.lit"), node: node)
        #expect(uri.description == "xmpp:pubsub.mantua.lit?;node=verse%20of%20love")
        for (address, action) in [
            (uri.subscribing, "subscribe"), (uri.unsubscribing, "unsubscribe"),
        ] {
            let query = "pubsub;action=\(action);node=verse%20of%20love"
            #expect(address == "xmpp:pubsub.mantua.lit?\(query)")
        }
    }
}
