import Testing

@Suite("XEP-0060 §7.2: delete an item")
struct RetractTests {
    private let published =
        Lines.subscribed("romeo", to: "verse")
        + Lines.subscribed("nurse", to: "verse", form: "chat") + """
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='1'/>
            romeo  < <message id='*' xml:lang='en'>
                       <event xmlns='http://jabber.org/protocol/pubsub#event'>
                         <items node='verse'><item id='1' publisher='verse@news.verona.lit'>
                           <verse xmlns='urn:verse'/></item></items></event></message>

            """

    private let isGone = """

        romeo > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <items node='verse'><item id='1'/></items></pubsub></iq>
        romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <items node='verse'/></pubsub></iq>
        """

    @Test("the item is gone, and those who get events are told; plain readers are not (§7.2.2.1)")
    func notified() async throws {
        try await conversation(
            with: "news.verona.lit",
            published + """
                editor > <retract xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                romeo  < <message from='news.verona.lit' id='*'>
                           <event xmlns='http://jabber.org/protocol/pubsub#event'>
                             <items node='verse'><retract id='1'/></items></event></message>
                nurse  < nothing
                """ + isGone
        )
    }

    @Test("what is retracted while it is going out goes no further; then all are told")
    func inTheMiddle() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.subscribed("romeo", to: "verse") + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                editor > <retract xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                romeo  < <message from='news.verona.lit' id='*'>
                           <event xmlns='http://jabber.org/protocol/pubsub#event'>
                             <items node='verse'><retract id='1'/></items></event></message>
                editor > <deliver xmlns='urn:test:inside'/>
                romeo  < nothing
                """ + isGone
        )
    }

    @Test("nobody is told when nobody is to be told")
    func silent() async throws {
        try await conversation(
            with: "news.verona.lit",
            published + """
                editor > <retract xmlns='urn:test:inside' node='verse' id='1' notify='false'/>
                editor < nothing
                romeo  < nothing
                """ + isGone
        )
    }

    @Test("what is not there can't be retracted (§7.2.3.2)")
    func missing() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            editor > <retract xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <refused xmlns='urn:test:inside'>The node 'verse' has no such item.</refused>
            """
        )
    }

    @Test(
        "a stranger retracts nothing, and learns nothing of what is there; mistakes are named (§7.2.3)"
    )
    func wire() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            tybalt > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <retract node='verse'><item id='1'/></retract></pubsub></iq>
            tybalt < <iq type='error' id='1'><error type='auth'>
                       <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            tybalt > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <retract><item id='1'/></retract></pubsub></iq>
            tybalt < <iq type='error' id='2'><error type='modify'>
                       <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                       <nodeid-required xmlns='http://jabber.org/protocol/pubsub#errors'/>
                     </error></iq>
            tybalt > <iq type='set' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <retract node='verse'><item/></retract></pubsub></iq>
            tybalt < <iq type='error' id='3'><error type='modify'>
                       <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                       <item-required xmlns='http://jabber.org/protocol/pubsub#errors'/>
                     </error></iq>
            """
        )
    }
}
