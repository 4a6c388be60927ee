import Testing
import XML
import XMPP

@Suite("Service discovery (XEP-0030)")
struct DiscoTests {
    @Test("what an entity says of itself survives the wire")
    func info() throws {
        let info = DiscoInfo(
            node: "newsletter-en",
            identities: [
                .init(category: "pubsub", type: "service", name: "News & more"),
                .init(category: "component", type: "generic"),
            ],
            features: [.pubsub, .discoInfo, "http://jabber.org/protocol/pubsub#retrieve-items"],
            forms: [
                DataForm(
                    .result,
                    formType: "urn:x",
                    fields: [DataForm.Field("f", values: ["v"])]
                )
            ]
        )
        #expect(DiscoInfo(try Element(xml: info.element.xml())) == info)
    }

    @Test("an identity without category or type, and a feature without var, count for nothing")
    func incomplete() throws {
        let info = DiscoInfo(
            try Element(
                xml: """
                    <query xmlns='http://jabber.org/protocol/disco#info'>
                    <identity category='client'/><identity type='pc'/><feature/>
                    <feature var='urn:x'/><identity category='a' type='b' name=''/>
                    <feature xmlns='urn:y' var='urn:z'/></query>
                    """
            )
        )
        #expect(
            info
                == DiscoInfo(
                    identities: [.init(category: "a", type: "b", name: "")],
                    features: ["urn:x"]
                )
        )
    }

    @Test("what an entity holds survives the wire")
    func items() throws {
        let items = DiscoItems(
            node: "n",
            entries: [
                .init(jid: try JID("news.verona.lit"), node: "a", name: "it's <a>"),
                .init(jid: try JID("romeo@verona.lit/x y")),
            ],
            page: ResultSetPage(first: "a", last: "b", count: 2)
        )
        #expect(DiscoItems(try Element(xml: items.element.xml())) == items)
        #expect(
            items.element.child("item")
                == Element(
                    "item",
                    in: .discoItems,
                    ["jid": "news.verona.lit", "node": "a", "name": "it's <a>"]
                )
        )
    }

    @Test("an entry without an address, or with a wrong one, counts for nothing")
    func addressless() throws {
        let items = DiscoItems(
            try Element(
                xml: """
                    <query xmlns='http://jabber.org/protocol/disco#items'><item node='a'/>
                    <item jid='@'/><item jid='A.Example'/></query>
                    """
            )
        )
        #expect(items == DiscoItems(entries: [.init(jid: try JID("a.example"))]))
    }
}
