import PubSub
import Testing

@Suite("XEP-0060 §8.1: create a node")
struct CreateTests {
    @Test("whoever may, creates a node and owns it; nobody else may (§8.1.1)")
    func create() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.set("romeo", "<create node='sonnet'/>")
                + Lines.refused("romeo", "auth", "forbidden")
                + Lines.set("juliet", "<create node='sonnet'/>")
                + Lines.result("juliet", "<create node='sonnet'/>")
                + Lines.set("juliet", "<create node='sonnet'/>", id: "2")
                + Lines.refused("juliet", "cancel", "conflict", id: "2")
                + Lines.get("juliet", "<affiliations/>")
                + Lines.result(
                    "juliet",
                    "<affiliations><affiliation node='sonnet' affiliation='owner'/></affiliations>"
                )
                    + """
                    romeo > <iq type='get' id='2'>
                              <query xmlns='http://jabber.org/protocol/disco#items'/></iq>
                    romeo < <iq type='result' id='2'>
                              <query xmlns='http://jabber.org/protocol/disco#items'>
                                <item jid='news.verona.lit' node='sonnet'/>
                                <item jid='news.verona.lit' node='verse' name='Verse'/>
                              </query></iq>
                    """
        )
    }

    @Test("an instant node gets a name that nobody has (§8.1.1)")
    func instantNode() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.set("juliet", "<create/>") + Lines.result("juliet", "<create node='*'/>")
                + Lines.set("juliet", "<create node=''/>")
                + Lines.result("juliet", "<create node='*'/>")
        )
    }

    @Test("an access model that is not offered is named, and there is no node (§8.1.3)")
    func accessModel() async throws {
        let configured = Lines.form("node_config", ["access_model": "roster"])
        try await conversation(
            with: "news.verona.lit",
            Lines.set("juliet", "<create node='sonnet'/><configure>\(configured)</configure>")
                + Lines.refused("juliet", "modify", "not-acceptable", "unsupported-access-model")
                + Lines.ownerGets("juliet", "<configure node='sonnet'/>")
                + Lines.refused("juliet", "cancel", "item-not-found")
        )
    }

    @Test("a node is created and configured at once; <configure/> names none (§8.1.3)")
    func createAndConfigure() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["title": "Sonnets", "access_model": "whitelist"])
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
                + Lines.set("juliet", "<create node='ode'/><configure node='ode'/>")
                + Lines.refused("juliet", "modify", "bad-request")
                + Lines.set("juliet", "<create node='ode'/><configure node=''/>")
                + Lines.refused("juliet", "modify", "bad-request")
        )
    }

    @Test("nobody has more nodes than allowed, and a deleted one does not count")
    func tooMany() async throws {
        let stage = try await Stage(
            settings: PubSubSettings(creators: Stage.creators, maximumNodesPerCreator: 1)
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Lines.created("one")
                + Lines.set("juliet", "<create node='two'/>")
                + Lines.refused("juliet", "cancel", "not-allowed", "max-nodes-exceeded")
                + Lines.ownerSets("juliet", "<delete node='one'/>") + Lines.done("juliet")
                + Lines.created("two")
        )
    }

    @Test("names have an end, also those of items, and errors do not repeat what they refuse")
    func longNames() async throws {
        func name(_ length: Int) -> String { String(repeating: "n", count: length) }
        let long = String(repeating: ">", count: 100_000)
        let text = ("There is no node '" + long).prefix(2_000).replacing(">", with: "&gt;")
        try await conversation(
            with: "news.verona.lit",
            Lines.created(name(1_023))
                + Lines.set("juliet", "<create node='\(name(1_024))'/>")
                + Lines.refused("juliet", "modify", "policy-violation")
                + Lines.set(
                    "juliet",
                    "<publish node='verse'><item id='\(name(1_024))'><a xmlns='b'/></item></publish>"
                )
                + Lines.refused("juliet", "modify", "policy-violation")
                + "romeo > <iq type='get' id='1'>"
                + "<query xmlns='http://jabber.org/protocol/disco#info' node=\"\(long)\"/></iq>\n"
                    + """
                    romeo < <iq type='error' id='1'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>\(text)</text></error></iq>
                    """
        )
    }
}
