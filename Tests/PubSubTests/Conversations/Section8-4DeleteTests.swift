import Testing

@Suite("XEP-0060 §8.4, §8.5: delete and purge a node")
struct DeleteTests {
    private static let item = "<item id='1'><verse xmlns='urn:verse'/></item>"

    private static let published =
        Lines.set("juliet", "<publish node='sonnet'>\(item)</publish>", id: "pub")
        + Lines.result(
            "juliet",
            "<publish node='sonnet'><item id='1'/></publish>",
            id: "pub"
        )

    @Test("readers are told that a node is gone, and nothing of it is left (§8.4.2)")
    func delete() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Self.published + Lines.subscribed("romeo", to: "sonnet")
                + Lines.ownerSets("juliet", "<delete node='sonnet'/>") + Lines.done("juliet")
                + Lines.event("romeo", "<delete node='sonnet'/>")
                + Lines.get("romeo", "<subscriptions/>") + Lines.result("romeo", "<subscriptions/>")
                + Lines.get("juliet", "<affiliations/>") + Lines.result("juliet", "<affiliations/>")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.refused("romeo", "cancel", "item-not-found")
                + Lines.created("sonnet")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result("romeo", "<items node='sonnet'/>")
        )
    }

    @Test("readers and newcomers are sent to what takes its place (§8.4.2)")
    func redirect() async throws {
        let uri = "xmpp:news.mantua.lit?;node=sonnet"
        let gone = """
            romeo < <iq type='error' id='1'><error type='cancel'>
              <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>\(uri)</gone></error></iq>

            """
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Lines.ownerSets(
                    "juliet",
                    "<delete node='sonnet'><redirect uri='mantua.lit'/></delete>"
                ) + Lines.refused("juliet", "modify", "bad-request")
                + Lines.ownerSets(
                    "juliet",
                    "<delete node='sonnet'><redirect uri='\(uri)'/></delete>"
                ) + Lines.done("juliet")
                + Lines.event("romeo", "<delete node='sonnet'><redirect uri='\(uri)'/></delete>")
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>") + gone
                + Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
        )
    }

    @Test("what takes a node's place need not be in XMPP (§8.4.1)")
    func redirectToWeb() async throws {
        let redirect = "<redirect uri='https://mantua.lit/sonnet'/>"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Lines.ownerSets("juliet", "<delete node='sonnet'>\(redirect)</delete>")
                + Lines.done("juliet")
                + Lines.event("romeo", "<delete node='sonnet'>\(redirect)</delete>")
        )
    }

    @Test("who still waited to be let in is told as well (§8.4.2)")
    func waiting() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["access_model": "authorize"])
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.result(
                    "romeo",
                    """
                    <subscription node='sonnet' jid='romeo@verona.lit' subscription='pending'>
                      <subscribe-options/></subscription>
                    """
                ) + Lines.request(toDecideOn: "romeo", at: "sonnet")
                + Lines.ownerSets("juliet", "<delete node='sonnet'/>") + Lines.done("juliet")
                + Lines.event("romeo", "<delete node='sonnet'/>")
        )
    }

    @Test("nobody is told where the owner does not want it (notify_delete)")
    func silently() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["notify_delete": "0"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Lines.ownerSets("juliet", "<delete node='sonnet'/>") + Lines.done("juliet")
                + "romeo < nothing\n"
        )
    }

    @Test("only owners delete and purge (§8.4.3.1, §8.5.3.2)")
    func strangers() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.affiliated("romeo", as: "publisher", with: "sonnet")
                + Lines.ownerSets("romeo", "<delete node='sonnet'/>")
                + Lines.refused("romeo", "auth", "forbidden")
                + Lines.ownerSets("romeo", "<purge node='sonnet'/>")
                + Lines.refused("romeo", "auth", "forbidden")
                + Lines.ownerSets("juliet", "<delete node='ode'/>")
                + Lines.refused("juliet", "cancel", "item-not-found")
        )
    }

    @Test("a purge is one event, and takes all items but no readers (§8.5.2)")
    func purge() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Self.published + Lines.subscribed("romeo", to: "sonnet")
                + Lines.ownerSets("juliet", "<purge node='sonnet'/>") + Lines.done("juliet")
                + Lines.event("romeo", "<purge node='sonnet'/>")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result("romeo", "<items node='sonnet'/>")
                + Self.published
                    + """
                    romeo < <message id='*'><event xmlns='http://jabber.org/protocol/pubsub#event'>
                      <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                        <verse xmlns='urn:verse'/></item></items></event></message>
                    """
        )
    }

    @Test("a node that keeps nothing can't be purged (§8.5.3.3)")
    func transient() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["persist_items": "0"])
                + Lines.ownerSets("juliet", "<purge node='sonnet'/>")
                    + """
                    juliet < <iq type='error' id='1'><error type='cancel'>
                      <feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <unsupported xmlns='http://jabber.org/protocol/pubsub#errors'
                        feature='persistent-items'/></error></iq>
                    """
        )
    }

    @Test("an item that is still going out when its node is deleted goes no further")
    func underWay() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.subscribed("romeo", to: "verse")
                + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                editor > <affiliation xmlns='urn:test:inside' node='verse'
                           jid='juliet@verona.lit' affiliation='owner'/>

                """
                + Lines.ownerSets("juliet", "<delete node='verse'/>") + Lines.done("juliet")
                + Lines.event("romeo", "<delete node='verse'/>")
                + "romeo < nothing\n"
        )
    }
}
