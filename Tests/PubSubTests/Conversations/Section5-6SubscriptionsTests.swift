import Testing

@Suite("XEP-0060 §5.6: retrieve subscriptions")
struct RetrieveSubscriptionsTests {
    @Test("a reader sees their own subscriptions, each with its node, and nobody else's")
    func own() async throws {
        let stage = try await Stage(
            nodes: [.init(id: try #require(.init(rawValue: "prose")), title: "Prose")]
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            juliet > <iq type='set' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscribe node='verse' jid='juliet@verona.lit'/></pubsub></iq>
            juliet < <iq type='result' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscription node='verse' jid='juliet@verona.lit'
                         subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            romeo > <iq type='set' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='result' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscription node='verse' jid='romeo@verona.lit'
                        subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            romeo > <iq type='set' id='4'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='prose' jid='romeo@verona.lit/script'/></pubsub></iq>
            romeo < <iq type='result' id='4'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscription node='prose' jid='romeo@verona.lit/script'
                        subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            romeo > <iq type='get' id='5'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            romeo < <iq type='result' id='5'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions>
                        <subscription node='verse' jid='romeo@verona.lit'
                          subscription='subscribed'/>
                        <subscription node='prose' jid='romeo@verona.lit/script'
                          subscription='subscribed'/>
                      </subscriptions></pubsub></iq>
            romeo > <iq type='get' id='6'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions node='verse'/></pubsub></iq>
            romeo < <iq type='result' id='6'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions node='verse'>
                        <subscription node='verse' jid='romeo@verona.lit'
                          subscription='subscribed'/>
                      </subscriptions></pubsub></iq>
            """
        )
    }
}
