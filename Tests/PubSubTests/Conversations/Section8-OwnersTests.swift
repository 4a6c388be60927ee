import Testing

@Suite("XEP-0060 §8: owner use cases, at nodes that belong to the service")
struct OwnersTests {
    @Test(
        "nobody on the wire owns a node of the service (§8.2.3.2, §8.4.3.1, §8.5.3.1, §8.8, §8.9)",
        arguments: [
            ("get", "<configure node='verse'/>"),
            ("set", "<configure node='verse'><x xmlns='jabber:x:data' type='submit'/></configure>"),
            ("set", "<delete node='verse'/>"),
            ("set", "<purge node='verse'/>"),
            ("get", "<subscriptions node='verse'/>"),
            (
                "set",
                "<subscriptions node='verse'>"
                    + "<subscription jid='romeo@verona.lit' subscription='subscribed'/></subscriptions>"
            ),
            ("get", "<affiliations node='verse'/>"),
            (
                "set",
                "<affiliations node='verse'>"
                    + "<affiliation jid='tybalt@verona.lit' affiliation='owner'/></affiliations>"
            ),
        ]
    )
    func forbidden(type: String, action: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            tybalt > <iq type='\(type)' id='1'>
                       <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>\(action)</pubsub></iq>
            tybalt < <iq type='error' id='1'><error type='auth'>
                       <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            tybalt > <iq type='get' id='2'>
                       <query xmlns='http://jabber.org/protocol/disco#items' node='verse'/></iq>
            tybalt < <iq type='result' id='2'>
                       <query xmlns='http://jabber.org/protocol/disco#items' node='verse'>
                         <item jid='news.verona.lit' name='1'/></query></iq>
            """
        )
    }

    @Test("a configuration request without a node says so (§8.2.3.3)")
    func nodeRequired() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'>
                      <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure/></pubsub></iq>
            romeo < <iq type='error' id='1'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <nodeid-required xmlns='http://jabber.org/protocol/pubsub#errors'/>
                    </error></iq>
            """
        )
    }
}
