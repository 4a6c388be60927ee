import PubSub
import Testing

@Suite("XEP-0060 §7.1: publish over the wire")
struct PublishRequestTests {
    static func item(_ id: String, _ text: String = "") -> String {
        "<item id='\(id)'><verse xmlns='urn:verse'>\(text)</verse></item>"
    }

    static func publishes(_ person: String, _ items: String, id: String = "1") -> String {
        Lines.set(person, "<publish node='sonnet'>\(items)</publish>", id: id)
    }

    static func published(_ person: String, _ items: String..., id: String = "1") -> String {
        let items = items.map { "<item id='\($0)'/>" }.joined()
        return Lines.result(person, "<publish node='sonnet'>\(items)</publish>", id: id)
    }

    static func hears(
        _ person: String,
        _ id: String,
        _ text: String = "",
        by publisher: String = "juliet",
        attributes: String = ""
    ) -> String {
        Lines.event(
            person,
            """
            <items node='sonnet'><item id='\(id)' publisher='\(publisher)@verona.lit'>
              <verse xmlns='urn:verse'>\(text)</verse></item></items>
            """,
            attributes: attributes
        )
    }

    @Test("an item is stored and sent, and the service says who published it (§7.1.2.3)")
    func publish() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes(
                    "juliet",
                    "<item id='1' publisher='paris@verona.lit'><verse xmlns='urn:verse'/></item>"
                )
                + Self.published("juliet", "1") + Self.hears("romeo", "1")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                      <verse xmlns='urn:verse'/></item></items>
                    """
                )
        )
    }

    @Test("who gives no item id, or an empty one, is told the one that was made (§7.1.2)")
    func generatedID() async throws {
        let payload = "<verse xmlns='urn:verse'/>"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Self.publishes("juliet", "<item>\(payload)</item>")
                + Self.published("juliet", "*")
                + Self.publishes("juliet", "<item id=''>\(payload)</item>")
                + Self.published("juliet", "*")
        )
    }

    @Test("overwriting sends again and makes an item the newest (§7.1.2)")
    func overwrite() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Self.publishes("juliet", Self.item("1", "a"))
                + Self.published("juliet", "1")
                + Self.publishes("juliet", Self.item("2", "b")) + Self.published("juliet", "2")
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", Self.item("1", "c")) + Self.published("juliet", "1")
                + Self.hears("romeo", "1", "c")
                + Lines.get("romeo", "<items node='sonnet' max_items='1'/>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                      <verse xmlns='urn:verse'>c</verse></item></items>
                    """
                )
        )
    }

    @Test("several items are published together, each in a message of its own, or none is")
    func batch() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["max_payload_size": "50"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes(
                    "juliet",
                    Self.item("1") + Self.item("2", String(repeating: "o", count: 50))
                )
                + Lines.refused("juliet", "modify", "not-acceptable", "payload-too-big")
                + "romeo < nothing\n"
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result("romeo", "<items node='sonnet'/>")
                + Self.publishes("juliet", Self.item("1", "a") + Self.item("2", "b"))
                + Self.published("juliet", "1", "2")
                + Self.hears("romeo", "1", "a") + Self.hears("romeo", "2", "b")
        )
    }

    private static func list(_ items: String...) -> String {
        """
        romeo > <iq type='get' id='1'>
           <query xmlns='http://jabber.org/protocol/disco#items' node='sonnet'/></iq>
        romeo < <iq type='result' id='1'>
           <query xmlns='http://jabber.org/protocol/disco#items' node='sonnet'>
             \(items.map { "<item jid='news.verona.lit' name='\($0)'/>" }.joined())</query></iq>

        """
    }

    @Test("the oldest goes when a node is full; more at once than it keeps is refused (§12.11)")
    func full() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["max_items": "2"])
                + Self.publishes("juliet", Self.item("1") + Self.item("2"))
                + Self.published("juliet", "1", "2")
                + Self.publishes("juliet", Self.item("3")) + Self.published("juliet", "3")
                + Self.list("3", "2")
                + Self.publishes("juliet", Self.item("4") + Self.item("5") + Self.item("6"))
                + Lines.refused("juliet", "cancel", "not-allowed", "max-items-exceeded")
        )
    }

    @Test(
        "readers hear of an item that had to go, if owners want them to (publish_node_full, §7.1.2.5)",
        arguments: [
            (["publish_node_full": "retract-oldest"], true),
            (["publish_node_full": "retract-oldest", "notify_retract": "0"], false),
            (["publish_node_full": "discard-oldest"], false),
            ([:], true),
        ] as [(KeyValuePairs<String, String>, Bool)]
    )
    func pushedOut(fields: KeyValuePairs<String, String>, isTold: Bool) async throws {
        let maximum: KeyValuePairs = ["max_items": "1"]
        let retraction = "<items node='sonnet'><retract id='1'/></items>"
        try await conversation(
            with: "news.verona.lit",
            Lines.set(
                "juliet",
                """
                <create node='sonnet'/><configure>\(Lines.form("node_config", fields))</configure>
                """
            ) + Lines.result("juliet", "<create node='sonnet'/>")
                + Lines.ownerSets(
                    "juliet",
                    "<configure node='sonnet'>\(Lines.form("node_config", maximum))</configure>"
                ) + Lines.done("juliet")
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", Self.item("2")) + Self.published("juliet", "2")
                + Self.hears("romeo", "2")
                + (isTold ? Lines.event("romeo", retraction) : "romeo < nothing\n")
                + Self.list("2")
        )
    }

    @Test("a full node may refuse what is new, but not what takes another's place (§7.1.3.4)")
    func refusing() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["max_items": "2", "publish_node_full": "reject"])
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Self.publishes("juliet", Self.item("2") + Self.item("3"))
                + Lines.refused("juliet", "cancel", "conflict", "node-full")
                + Self.publishes("juliet", Self.item("2")) + Self.published("juliet", "2")
                + Self.publishes("juliet", Self.item("3"))
                + Lines.refused("juliet", "cancel", "conflict", "node-full")
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Self.list("1", "2")
        )
    }

    @Test("an item goes by itself when its time is over (item_expire)")
    func expiry() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["item_expire": "60"])
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                    + """
                    editor > <wait xmlns='urn:test:inside' seconds='59'/>

                    """
                + Self.publishes("juliet", Self.item("2")) + Self.published("juliet", "2")
                    + """
                    editor > <wait xmlns='urn:test:inside' seconds='1'/>

                    """
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'><item id='2' publisher='juliet@verona.lit'>
                      <verse xmlns='urn:verse'/></item></items>
                    """
                )
        )
    }

    @Test(
        "what does not fit the node is refused as the table says (§4.3, §7.1.3.6)",
        arguments: [
            ("1", "1", "", "item-required"), ("1", "1", "<item id='1'/>", "payload-required"),
            ("1", "0", "", "item-required"), ("0", "1", "", "item-required"),
            ("0", "1", "<item/>", "payload-required"), ("0", "0", "<item/>", "item-forbidden"),
            (
                "1", "1", "<item id='1'><a xmlns='urn:a'/><b xmlns='urn:b'/></item>",
                "invalid-payload"
            ),
        ]
    )
    func eventTypes(
        persist: String,
        deliver: String,
        items: String,
        condition: String
    ) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["persist_items": persist, "deliver_payloads": deliver])
                + Self.publishes("juliet", items)
                + Lines.refused("juliet", "modify", "bad-request", condition)
        )
    }

    @Test("a node that only notifies sends no payload, and takes an item without one (§4.3)")
    func notificationOnly() async throws {
        let event = """
            <items node='sonnet'><item id='%' publisher='juliet@verona.lit'/></items>
            """
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["deliver_payloads": "0"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Lines.event("romeo", event.replacing("%", with: "1"))
                + Self.publishes("juliet", "<item id='2'/>") + Self.published("juliet", "2")
                + Lines.event("romeo", event.replacing("%", with: "2"))
        )
    }

    @Test("a transient node keeps nothing; if it only notifies, the event is empty (§4.3)")
    func transient() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["persist_items": "0", "deliver_payloads": "0"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", "")
                + Lines.result("juliet", "<publish node='sonnet'/>")
                + Lines.event("romeo", "<items node='sonnet'/>")
        )
    }

    @Test("events may be of type headline, and may not be sent at all")
    func styles() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["notification_type": "headline"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Self.hears("romeo", "1", attributes: "type='headline'")
                + Lines.ownerSets(
                    "juliet",
                    """
                    <configure node='sonnet'>
                      \(Lines.form("node_config", ["deliver_notifications": "0"]))</configure>
                    """
                ) + Lines.done("juliet")
                + Self.publishes("juliet", Self.item("2")) + Self.published("juliet", "2")
                + "romeo < nothing\n"
                + Lines.set(
                    "juliet",
                    "<retract node='sonnet' notify='true'><item id='2'/></retract>"
                ) + Lines.done("juliet")
                + Lines.ownerSets("juliet", "<purge node='sonnet'/>") + Lines.done("juliet")
                + Lines.ownerSets(
                    "juliet",
                    """
                    <configure node='sonnet'>
                      \(Lines.form("node_config", ["notify_config": "1"]))</configure>
                    """
                ) + Lines.done("juliet")
                + Lines.ownerSets("juliet", "<delete node='sonnet'/>") + Lines.done("juliet")
                + "romeo < nothing\n"
        )
    }

    @Test("nothing is published of which readers would be sent more than the server takes")
    func tooMuchToSend() async throws {
        var settings = PubSubSettings(creators: Stage.creators)
        settings.maximumStanzaSize = 10_000
        let (most, more) = (
            String(repeating: "o", count: 500), String(repeating: "o", count: 2_000)
        )
        try await conversation(
            with: "news.verona.lit",
            on: try await Stage(settings: settings),
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("juliet", Self.item("1", most)) + Self.published("juliet", "1")
                + Self.hears("romeo", "1", most)
                + Self.publishes("juliet", Self.item("2") + Self.item("3", more))
                + Lines.refused("juliet", "modify", "not-acceptable", "payload-too-big")
                + "romeo < nothing\n"
                + Lines.get("romeo", "<items node='sonnet' max_items='1'/>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                      <verse xmlns='urn:verse'>\(most)</verse></item></items>
                    """
                )
        )
    }

    @Test("readers who want a text get title, summary and link of an Atom entry (§12.8)")
    func body() async throws {
        let entry = """
            <entry xmlns='http://www.w3.org/2005/Atom'><title>Sonnet 18</title>
              <summary>Shall I compare thee</summary>
              <link rel='alternate' href='xmpp:verona.lit'/>
              <link rel='alternate' href='https://verona.lit/18'/></entry>
            """
        func chooses(_ person: String, _ form: String) -> String {
            Lines.set(
                person,
                """
                <options node='sonnet' jid='\(person)@verona.lit'>
                  <x xmlns='jabber:x:data' type='submit'>
                  <field var='{urn:broadsheet:reader:0}form'><value>\(form)</value></field>
                  </x></options>
                """
            ) + Lines.done(person)
        }
        let text = "Sonnet 18\nShall I compare thee\nhttps://verona.lit/18"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.subscribed("romeo", to: "sonnet") + chooses("romeo", "event-body")
                + Lines.subscribed("nurse", to: "sonnet") + chooses("nurse", "chat")
                + Self.publishes("juliet", "<item id='a b'>\(entry)</item>")
                + Self.published("juliet", "a b")
                    + """
                    romeo < <message id='*'><body>\(text)</body>
                      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='sonnet'>
                        <item id='a b' publisher='juliet@verona.lit'>\(entry)</item></items></event>
                      </message>
                    nurse < <message id='*' type='chat'><body>\(text)</body>
                      <thread>a b@news.verona.lit</thread><store xmlns='urn:xmpp:hints'/></message>

                    """
                + Self.publishes("juliet", Self.item("a b")) + Self.published("juliet", "a b")
                    + """
                    romeo < <message id='*'><body>sonnet\nxmpp:news.verona.lit?;node=sonnet;item=a%20b</body>
                      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='sonnet'>
                        <item id='a b' publisher='juliet@verona.lit'><verse xmlns='urn:verse'/></item>
                        </items></event></message>
                    nurse < <message id='*' type='chat'>
                      <body>sonnet\nxmpp:news.verona.lit?;node=sonnet;item=a%20b</body>
                      <thread>a b@news.verona.lit</thread><store xmlns='urn:xmpp:hints'/></message>
                    """
        )
    }

    @Test(
        "who may publish is the owner's choice, and an outcast never may (publish_model)",
        arguments: [
            ("publishers", "none", false), ("publishers", "member", false),
            ("publishers", "publisher", true), ("publishers", "publish-only", true),
            ("open", "none", true), ("open", "member", true), ("open", "outcast", false),
            ("subscribers", "none", false), ("subscribers", "member", false),
        ]
    )
    func models(model: String, affiliation: String, isAllowed: Bool) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["publish_model": model])
                + (affiliation == "none"
                    ? "" : Lines.affiliated("romeo", as: affiliation, with: "sonnet"))
                + Self.publishes("romeo", Self.item("1"))
                + (isAllowed
                    ? Self.published("romeo", "1") : Lines.refused("romeo", "auth", "forbidden"))
        )
    }

    @Test("subscribers may publish where the owner lets them, but not over what is another's")
    func subscribers() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["publish_model": "subscribers"])
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.publishes("romeo", Self.item("2")) + Self.published("romeo", "2")
                + Self.hears("romeo", "2", by: "romeo")
                + Self.publishes("romeo", Self.item("1"))
                + Lines.refused("romeo", "auth", "forbidden")
                + Self.publishes("juliet", Self.item("2")) + Self.published("juliet", "2")
                + Self.hears("romeo", "2")
        )
    }

    @Test("a node that is not there is not made for just anybody (§7.1.3.3, §7.1.4)")
    func autoCreate() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.publishes("romeo", Self.item("1"))
                + Lines.refused("romeo", "cancel", "item-not-found")
                + Self.publishes("juliet", Self.item("1")) + Self.published("juliet", "1")
                + Lines.get("juliet", "<affiliations node='sonnet'/>")
                + Lines.result(
                    "juliet",
                    """
                    <affiliations node='sonnet'>
                      <affiliation node='sonnet' affiliation='owner'/></affiliations>
                    """
                )
        )
    }
}
