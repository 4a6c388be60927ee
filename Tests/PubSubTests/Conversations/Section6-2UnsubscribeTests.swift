import Testing

@Suite("XEP-0060 §6.2: unsubscribe from a node")
struct UnsubscribeTests {
    private let subscribed = """
        romeo > <iq type='set' id='0'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
        romeo < <iq type='result' id='0'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <subscription node='verse' jid='romeo@verona.lit'
                    subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>

        """

    @Test("who has left gets nothing more; leaving again is an error (§6.2.2, §6.2.3.2)")
    func leaves() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribed + """
                romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                          <unsubscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
                romeo < <iq type='result' id='1'/>
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <started xmlns='urn:test:inside' readers='0'/>
                romeo < nothing
                romeo > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                          <unsubscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
                romeo < <iq type='error' id='2'><error type='cancel'>
                          <unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                          <not-subscribed xmlns='http://jabber.org/protocol/pubsub#errors'/>
                        </error></iq>
                """
        )
    }

    @Test("nobody may unsubscribe somebody else (§6.2.3.3)")
    func somebodyElse() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribed + """
                tybalt > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <unsubscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
                tybalt < <iq type='error' id='1'><error type='auth'>
                           <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                """
        )
    }

    @Test("a node that does not exist is not found (§6.2.3.4)")
    func noNode() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <unsubscribe node='elegy' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='error' id='1'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """
        )
    }

    @Test("a wrong subscription id is refused, and the reader stays (§6.2.3.5)")
    func wrongSubID() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribed + """
                romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                          <unsubscribe node='verse' jid='romeo@verona.lit' subid='x'/></pubsub></iq>
                romeo < <iq type='error' id='1'><error type='modify'>
                          <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                          <invalid-subid xmlns='http://jabber.org/protocol/pubsub#errors'/>
                        </error></iq>
                juliet > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <unsubscribe node='verse' jid='juliet@verona.lit' subid='x'/>
                         </pubsub></iq>
                juliet < <iq type='error' id='2'><error type='cancel'>
                           <unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                           <not-subscribed xmlns='http://jabber.org/protocol/pubsub#errors'/>
                         </error></iq>
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                """
        )
    }
}
