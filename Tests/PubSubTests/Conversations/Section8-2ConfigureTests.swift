import PubSub
import Testing

@Suite("XEP-0060 §8.2, §8.3: configure a node")
struct ConfigureTests {
    private static func configure(
        _ fields: KeyValuePairs<String, String>,
        id: String = "1"
    ) -> String {
        Lines.ownerSets(
            "juliet",
            "<configure node='sonnet'>\(Lines.form("node_config", fields))</configure>",
            id: id
        )
    }

    @Test(
        "the owner gets the form with all fields, and so does whoever asks for defaults (§8.2, §8.3)"
    )
    func form() async throws {
        let fields = """
            <title>Configuration of the node</title>
            <field var='FORM_TYPE' type='hidden'>
              <value>http://jabber.org/protocol/pubsub#node_config</value></field>
            <field var='pubsub#title' type='text-single' label='*'>%</field>
            <field var='pubsub#description' type='text-single' label='*'><value/></field>
            <field var='pubsub#language' type='text-single' label='*'/>
            <field var='pubsub#type' type='text-single' label='*'><value/></field>
            <field var='pubsub#contact' type='jid-multi' label='*'/>
            <field var='pubsub#access_model' type='list-single' label='*'><value>open</value>
              <option label='*'><value>open</value></option>
              <option label='*'><value>presence</value></option>
              <option label='*'><value>authorize</value></option>
              <option label='*'><value>whitelist</value></option></field>
            <field var='pubsub#publish_model' type='list-single' label='*'>
              <value>publishers</value>
              <option label='*'><value>publishers</value></option>
              <option label='*'><value>subscribers</value></option>
              <option label='*'><value>open</value></option></field>
            <field var='pubsub#persist_items' type='boolean' label='*'><value>1</value></field>
            <field var='pubsub#max_items' type='text-single' label='*'>
              <validate xmlns='http://jabber.org/protocol/xdata-validate'
                datatype='pubsub:integer-or-max'><basic/></validate><value>max</value></field>
            <field var='pubsub#publish_node_full' type='list-single' label='*'>
              <value>retract-oldest</value>
              <option label='*'><value>retract-oldest</value></option>
              <option label='*'><value>discard-oldest</value></option>
              <option label='*'><value>reject</value></option></field>
            <field var='pubsub#item_expire' type='text-single' label='*'>
              <validate xmlns='http://jabber.org/protocol/xdata-validate'
                datatype='pubsub:integer-or-max'><basic/></validate><value>max</value></field>
            <field var='pubsub#max_payload_size' type='text-single' label='*'>
              <validate xmlns='http://jabber.org/protocol/xdata-validate'
                datatype='pubsub:integer-or-max'><basic/></validate><value>max</value></field>
            <field var='pubsub#deliver_notifications' type='boolean' label='*'>
              <value>1</value></field>
            <field var='pubsub#deliver_payloads' type='boolean' label='*'><value>1</value></field>
            <field var='{urn:broadsheet:node:0}event_payload' type='list-single' label='*'>
              <value>full</value>
              <option label='*'><value>full</value></option>
              <option label='*'><value>summary</value></option></field>
            <field var='pubsub#notification_type' type='list-single' label='*'>
              <value>normal</value>
              <option label='*'><value>normal</value></option>
              <option label='*'><value>headline</value></option></field>
            <field var='pubsub#send_last_published_item' type='list-single' label='*'>
              <value>never</value>
              <option label='*'><value>never</value></option>
              <option label='*'><value>on_sub</value></option>
              <option label='*'><value>on_sub_and_presence</value></option></field>
            <field var='pubsub#itemreply' type='list-single' label='*'><value>publisher</value>
              <option label='*'><value>owner</value></option>
              <option label='*'><value>publisher</value></option></field>
            <field var='pubsub#notify_config' type='boolean' label='*'><value>0</value></field>
            <field var='pubsub#notify_delete' type='boolean' label='*'><value>1</value></field>
            <field var='pubsub#notify_retract' type='boolean' label='*'><value>1</value></field>
            <field var='pubsub#notify_sub' type='boolean' label='*'><value>0</value></field>
            """
        func form(title: String) -> String {
            "<x xmlns='jabber:x:data' type='form'>\(fields.replacing("%", with: title))</x>"
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["title": "Sonnets"])
                + Lines.ownerGets("juliet", "<configure node='sonnet'/>")
                + Lines.result(
                    "juliet",
                    "<configure node='sonnet'>\(form(title: "<value>Sonnets</value>"))</configure>",
                    space: "#owner"
                )
                + Lines.ownerGets("romeo", "<default/>")
                + Lines.result(
                    "romeo",
                    "<default>\(form(title: "<value/>"))</default>",
                    space: "#owner"
                )
        )
    }

    @Test(
        "a field left out stays, one unknown is ignored, and readers may be told (§8.2.4, §8.2.5)"
    )
    func submit() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["title": "Sonnets", "deliver_payloads": "0"])
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.configure(["description": "All of them", "colour": "red"])
                + Lines.done("juliet")
                + "romeo < nothing\n"
                + Self.configure(["notify_config": "1"]) + Lines.done("juliet")
                + Lines.event("romeo", "<configuration node='sonnet'/>")
                + Self.configure(["notify_config": "1"]) + Lines.done("juliet")
                    + """
                    romeo < nothing
                    romeo > <iq type='get' id='2'>
                              <query xmlns='http://jabber.org/protocol/disco#info' node='sonnet'/></iq>
                    romeo < <iq type='result' id='2'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='sonnet'>
                        <identity category='pubsub' type='leaf' name='Sonnets'/>
                        <feature var='http://jabber.org/protocol/pubsub'/>
                        <feature var='http://jabber.org/protocol/disco#info'/>
                        <feature var='http://jabber.org/protocol/disco#items'/>
                        <x xmlns='jabber:x:data' type='result'>
                          <field var='FORM_TYPE' type='hidden'>
                            <value>http://jabber.org/protocol/pubsub#meta-data</value></field>
                          <field var='pubsub#title' type='text-single'><value>Sonnets</value></field>
                          <field var='pubsub#description' type='text-single'>
                            <value>All of them</value></field>
                          <field var='pubsub#creation_date' type='text-single'><value>*</value></field>
                          <field var='pubsub#num_subscribers' type='text-single'>
                            <value>1</value></field>
                          <field var='pubsub#max_items' type='text-single'><value>max</value></field>
                          <field var='pubsub#access_model' type='list-single'>
                            <value>open</value></field>
                          <field var='pubsub#publish_model' type='list-single'>
                            <value>publishers</value></field>
                          <field var='pubsub#creator' type='jid-single'>
                            <value>juliet@verona.lit</value></field>
                          <field var='pubsub#owner' type='jid-multi'>
                            <value>juliet@verona.lit</value></field></x></query></iq>
                    """
        )
    }

    @Test(
        "a value that can't be is refused by name, and changes nothing (§8.2.5.2, XEP-0122)",
        arguments: [
            ("max_items", "0"), ("max_items", "many"), ("max_items", "10001"),
            ("item_expire", "-1"), ("max_payload_size", "9999999"), ("persist_items", "yes"),
            ("publish_model", "anyone"), ("publish_node_full", "explode"),
            ("access_model", "everyone"),
            ("send_last_published_item", "on_presence"), ("notification_type", "chat"),
            ("language", "not a tag"), ("contact", "@"), ("itemreply", "me"),
            ("node_type", "collection"),
        ]
    )
    func invalid(field: String, value: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["title": "Sonnets"])
                + Self.configure(["title": "Other", field: value])
                    + """
                    juliet < <iq type='error' id='1'><error type='modify'>
                      <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>'\(value)' is not possible for pubsub#\(field). Ask for the form to see what is.</text>
                      </error></iq>
                    juliet > <iq type='get' id='2'>
                               <query xmlns='http://jabber.org/protocol/disco#items'/></iq>
                    juliet < <iq type='result' id='2'>
                              <query xmlns='http://jabber.org/protocol/disco#items'>
                                <item jid='news.verona.lit' node='sonnet' name='Sonnets'/>
                                <item jid='news.verona.lit' node='verse' name='Verse'/></query></iq>
                    """
        )
    }

    @Test(
        "texts and lists have an end, so that what readers are told of them is never too much to send",
        arguments: [("title", 1_023), ("description", 8_000), ("type", 1_023)]
    )
    func tooLong(field: String, limit: Int) async throws {
        func text(_ length: Int) -> String { String(repeating: "<", count: length) }
        func configure(_ length: Int) -> String {
            let escaped = text(length).replacing("<", with: "&lt;")
            return Self.configure([field: escaped])
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + configure(limit) + Lines.done("juliet")
                + configure(limit + 1) + Lines.refused("juliet", "modify", "not-acceptable")
        )
    }

    @Test("a node with all that it may have is announced, and one address more is refused")
    func fullest() async throws {
        func contacts(_ count: Int) -> String {
            let resource = String(repeating: "&lt;", count: 1_023)
            return (0..<count).map { "<value>\($0)@verona.lit/\(resource)</value>" }.joined()
        }
        func form(_ count: Int) -> String {
            let text = String(repeating: "&lt;", count: 8_000)
            return """
                <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
                  <field var='FORM_TYPE' type='hidden'>
                    <value>http://jabber.org/protocol/pubsub#node_config</value></field>
                  <field var='pubsub#notify_config'><value>1</value></field>
                  <field var='pubsub#description'><value>\(text)</value></field>
                  <field var='pubsub#contact'>\(contacts(count))</field></x></configure>
                """
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.ownerSets("juliet", form(10)) + Lines.done("juliet")
                + Lines.ownerSets("juliet", form(11))
                + Lines.refused("juliet", "modify", "not-acceptable")
        )
    }

    @Test("a cancelled form changes nothing, one of another kind is refused (§8.2.5)")
    func cancel() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.ownerSets(
                    "juliet",
                    "<configure node='sonnet'><x xmlns='jabber:x:data' type='cancel'/></configure>"
                ) + Lines.done("juliet")
                + Lines.ownerSets(
                    "juliet",
                    """
                    <configure node='sonnet'>\(Lines.form("subscribe_options", [:]))</configure>
                    """
                ) + Lines.refused("juliet", "modify", "bad-request", "invalid-options")
        )
    }

    @Test("a publisher may neither read nor change the configuration (§8.2.3.2)")
    func publisher() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.affiliated("romeo", as: "publisher", with: "sonnet")
                + Lines.ownerGets("romeo", "<configure node='sonnet'/>")
                + Lines.refused("romeo", "auth", "forbidden")
        )
    }

    @Test("items that a node keeps no longer are gone at once")
    func surplus() async throws {
        let item = "<verse xmlns='urn:verse'/>"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.set(
                    "juliet",
                    """
                    <publish node='sonnet'><item id='1'>\(item)</item>
                    <item id='2'>\(item)</item></publish>
                    """
                )
                + Lines.result(
                    "juliet",
                    "<publish node='sonnet'><item id='1'/><item id='2'/></publish>"
                )
                + Self.configure(["max_items": "1"]) + Lines.done("juliet")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'><item id='2' publisher='juliet@verona.lit'>\(item)</item>
                    </items>
                    """
                )
                + Self.configure(["persist_items": "0"]) + Lines.done("juliet")
                + Lines.get("romeo", "<items node='sonnet'/>")
                    + """
                    romeo < <iq type='error' id='1'><error type='cancel'>
                      <feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <unsupported xmlns='http://jabber.org/protocol/pubsub#errors'
                        feature='persistent-items'/></error></iq>
                    """
        )
    }

    @Test("what can't be told, since it is more than the server takes, is not done either")
    func tooMuchToTell() async throws {
        var settings = PubSubSettings(creators: Stage.creators)
        settings.maximumStanzaSize = 10_000
        let refused = Lines.refused("juliet", "modify", "not-acceptable", "payload-too-big")
        let elsewhere = "xmpp:verona.lit?;node=" + String(repeating: "o", count: 2_000)
        try await conversation(
            with: "news.verona.lit",
            on: try await Stage(settings: settings),
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.configure(["notify_config": "1"]) + refused
                // Were it stored, there would be nothing to do now.
                + Self.configure(["notify_config": "1"]) + refused
                + Lines.ownerSets(
                    "juliet",
                    "<delete node='sonnet'><redirect uri='\(elsewhere)'/></delete>"
                ) + refused
                + Self.configure(["max_items": "2"]) + Lines.done("juliet")
                + "romeo < nothing\n"
        )
    }
}
