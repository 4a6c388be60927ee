import PubSub
import Testing

@Suite("XEP-0060 §8.6, §8.7: approve subscriptions")
struct ApprovalTests {
    private static let pending =
        Lines.created("sonnet", ["access_model": "authorize"]) + asks("romeo")
        + Lines.request(toDecideOn: "romeo", at: "sonnet")

    private static func asks(_ person: String) -> String {
        Lines.set(person, "<subscribe node='sonnet' jid='\(person)@verona.lit'/>")
            + Lines.result(
                person,
                """
                <subscription node='sonnet' jid='\(person)@verona.lit' subscription='pending'>
                  <subscribe-options/></subscription>
                """
            )
    }

    private static func decides(
        _ owner: String,
        _ isAllowed: String,
        type: String = "submit"
    ) -> String {
        """
        \(owner) > <message id='a'><x xmlns='jabber:x:data' type='\(type)'>
          <field var='FORM_TYPE' type='hidden'>
            <value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field>
          <field var='pubsub#node'><value>sonnet</value></field>
          <field var='pubsub#subscriber_jid'><value>romeo@verona.lit</value></field>
          <field var='pubsub#allow'><value>\(isAllowed)</value></field></x></message>

        """
    }

    private static func told(_ state: String) -> String {
        Lines.event(
            "romeo",
            "<subscription node='sonnet' jid='romeo@verona.lit' subscription='\(state)'/>"
        )
    }

    private static func isSubscribed(_ state: String?) -> String {
        let entry = state.map {
            "<subscription node='sonnet' jid='romeo@verona.lit' subscription='\($0)'/>"
        }
        return Lines.get("romeo", "<subscriptions/>")
            + Lines.result("romeo", "<subscriptions>\(entry ?? "")</subscriptions>")
    }

    @Test("an owner allows, the reader is told and gets what comes from then on (§8.6)")
    func allow() async throws {
        let item = PublishRequestTests.item("1")
        try await conversation(
            with: "news.verona.lit",
            Self.pending
                + PublishRequestTests.publishes("juliet", item)
                + PublishRequestTests.published("juliet", "1")
                + "romeo < nothing\n" + Self.isSubscribed("pending")
                + Self.decides("juliet", "true") + Self.told("subscribed")
                + PublishRequestTests.publishes("juliet", item)
                + PublishRequestTests.published("juliet", "1")
                + PublishRequestTests.hears("romeo", "1")
                + Self.decides("juliet", "0")
                + Self.isSubscribed("subscribed")
        )
    }

    @Test("only so many may wait for the owners; who waits already is told so, as before")
    func tooManyPending() async throws {
        let settings = PubSubSettings(creators: Stage.creators, maximumPendingSubscriptions: 1)
        let mercutio = Lines.set("mercutio", "<subscribe node='sonnet' jid='mercutio@verona.lit'/>")
        try await conversation(
            with: "news.verona.lit",
            on: try await Stage(settings: settings),
            Self.pending + mercutio
                + Lines.refused("mercutio", "wait", "resource-constraint")
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.refused("romeo", "auth", "not-authorized", "pending-subscription")
                + Self.decides("juliet", "true") + Self.told("subscribed")
                + Self.asks("mercutio")
                + Lines.request(toDecideOn: "mercutio", at: "sonnet")
        )
    }

    @Test("an owner denies, and the reader is told (§8.6)")
    func deny() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.pending + Self.decides("juliet", "0") + Self.told("none") + Self.isSubscribed(nil)
        )
    }

    @Test("who waits can't ask again; a cancelled form or no decision changes nothing (§6.1.3.7)")
    func waiting() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.pending
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.refused("romeo", "auth", "not-authorized", "pending-subscription")
                + Self.decides("juliet", "", type: "cancel") + Self.decides("juliet", "perhaps")
                + Self.isSubscribed("pending")
        )
    }

    @Test("only an owner decides")
    func stranger() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.pending + Self.decides("romeo", "1")
                + """
                romeo < <message id='a' type='error'><error type='auth'>
                  <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>

                """ + Self.isSubscribed("pending")
        )
    }

    @Test(
        "who is let in or thrown out otherwise waits no longer (§8.7.4)",
        arguments: [("member", "subscribed"), ("publisher", "subscribed"), ("outcast", "none")]
    )
    func affiliated(affiliation: String, state: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.pending + Lines.affiliated("romeo", as: affiliation, with: "sonnet")
                + Self.told(state)
        )
    }

    @Test("an owner asks for the requests that wait (§8.7)")
    func getPending() async throws {
        let node = "http://jabber.org/protocol/pubsub#get-pending"
        func command(_ person: String, _ inner: String = "", action: String = "execute") -> String {
            """
            \(person) > <iq type='set' id='1'><command xmlns='http://jabber.org/protocol/commands'
              node='\(node)' action='\(action)' sessionid='s'>\(inner)</command></iq>

            """
        }
        func answer(_ status: String, _ inner: String = "") -> String {
            """
            juliet < <iq type='result' id='1'><command
              xmlns='http://jabber.org/protocol/commands' node='\(node)' status='\(status)'
              sessionid='s'>\(inner)</command></iq>

            """
        }
        func chosen(_ name: String) -> String {
            """
            <x xmlns='jabber:x:data' type='submit'>
              <field var='pubsub#node'><value>\(name)</value></field></x>
            """
        }
        try await conversation(
            with: "news.verona.lit",
            Self.pending + Self.asks("paris") + Lines.request(toDecideOn: "paris", at: "sonnet")
                + command("romeo") + Lines.refused("romeo", "auth", "forbidden")
                + command("juliet")
                + answer(
                    "executing",
                    """
                    <x xmlns='jabber:x:data' type='form'>
                      <field var='FORM_TYPE' type='hidden'>
                        <value>http://jabber.org/protocol/pubsub#subscribe_authorization</value>
                      </field><field var='pubsub#node' type='list-single' label='Node'>
                        <option><value>sonnet</value></option></field></x>
                    """
                )
                + command("juliet", chosen("ode"))
                + Lines.refused("juliet", "cancel", "item-not-found")
                + command("juliet", chosen("verse")) + Lines.refused("juliet", "auth", "forbidden")
                + command("juliet", chosen("sonnet")) + answer("completed")
                + Lines.request(toDecideOn: "romeo", at: "sonnet")
                + Lines.request(toDecideOn: "paris", at: "sonnet")
                + command("juliet", action: "cancel") + answer("canceled")
        )
    }

    @Test("the command is found where commands are listed (XEP-0050 §2.1)")
    func discovery() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            juliet > <iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#items'
                       node='http://jabber.org/protocol/commands'/></iq>
            juliet < <iq type='result' id='1'><query
                       xmlns='http://jabber.org/protocol/disco#items'
                       node='http://jabber.org/protocol/commands'>
                       <item jid='news.verona.lit' name='Decide who may subscribe'
                         node='http://jabber.org/protocol/pubsub#get-pending'/></query></iq>
            """
        )
    }
}
