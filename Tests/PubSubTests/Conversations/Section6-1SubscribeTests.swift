import PubSub
import Testing

@Suite("XEP-0060 §6.1: subscribe to a node")
struct SubscribeTests {
    @Test("whoever subscribes twice has one subscription, and is told how far it is (§6.1.2)")
    func twice() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscription node='verse' jid='romeo@verona.lit'
                        subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            romeo/phone > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='Romeo@Verona.lit'/></pubsub></iq>
            romeo/phone < <iq type='result' id='2'>
                      <pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscription node='verse' jid='romeo@verona.lit'
                        subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='1'/>
            romeo < <message id='*' xml:lang='en'>
                      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='verse'>
                        <item id='1' publisher='verse@news.verona.lit'>
                          <verse xmlns='urn:verse'/></item></items></event></message>
            """
        )
    }

    @Test(
        "nobody may subscribe somebody else (§6.1.3.1)",
        arguments: ["juliet@verona.lit", "juliet@verona.lit/script", "romeo@mantua.lit"]
    )
    func somebodyElse(jid: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo  > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscribe node='verse' jid='\(jid)'/></pubsub></iq>
            romeo  < <iq type='error' id='1'><error type='modify'>
                       <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                       <invalid-jid xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            juliet < nothing
            """
        )
    }

    @Test(
        "an address in a room is no subscriber, though it is the sender's",
        arguments: ["balcony@rooms.lit/guest", "balcony@rooms.lit"]
    )
    func occupant(jid: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            guest > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='\(jid)'/></pubsub></iq>
            guest < <iq type='error' id='1'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>\(jid) is an address in a room, and may be somebody else's tomorrow. Subscribe from your own account, not through the room.</text>
                      <invalid-jid xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>
            guest > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            guest < <iq type='error' id='2'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <invalid-jid xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            """
        )
    }

    @Test("an outcast may neither subscribe nor read (§6.1.3.8, §6.5.9)")
    func outcast() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            editor > <affiliation xmlns='urn:test:inside' node='verse' jid='tybalt@verona.lit'
                       affiliation='outcast'/>
            tybalt > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscribe node='verse' jid='tybalt@verona.lit'/></pubsub></iq>
            tybalt < <iq type='error' id='1'><error type='auth'>
                       <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            tybalt > <iq type='get' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <items node='verse'/></pubsub></iq>
            tybalt < <iq type='error' id='2'><error type='auth'>
                       <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """
        )
    }

    @Test("without a node or an address the mistake is named")
    func incomplete() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='error' id='1'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <nodeid-required xmlns='http://jabber.org/protocol/pubsub#errors'/>
                    </error></iq>
            romeo > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse'/></pubsub></iq>
            romeo < <iq type='error' id='2'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <jid-required xmlns='http://jabber.org/protocol/pubsub#errors'/>
                    </error></iq>
            romeo > <iq type='get' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='error' id='3'><error type='modify'>
                      <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='get' id='4'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            romeo < <iq type='result' id='4'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            """
        )
    }
    @Test("one person may have only so many subscriptions for single clients (§6.1.3.9)")
    func tooMany() async throws {
        let stage = try await Stage(
            settings: PubSubSettings(creators: Stage.creators, maximumClientSubscriptions: 2)
        )
        func asks(_ jid: String) -> String {
            Lines.set("romeo", "<subscribe node='verse' jid='\(jid)'/>")
        }
        func gets(_ jid: String) -> String {
            Lines.result(
                "romeo",
                """
                <subscription node='verse' jid='\(jid)' subscription='subscribed'>
                  <subscribe-options/></subscription>
                """
            )
        }
        let (one, two) = ("romeo@verona.lit/1", "romeo@verona.lit/2")
        let refused = Lines.refused("romeo", "wait", "policy-violation", "too-many-subscriptions")
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            asks(one) + gets(one) + asks(two) + gets(two) + asks("romeo@verona.lit/3") + refused
                + asks(two) + gets(two) + asks("romeo@verona.lit") + gets("romeo@verona.lit")
        )
    }
}
