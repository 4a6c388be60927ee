import Testing

/// What Prosody 0.12.3 and ejabberd 23.01 answer differently, one row a behaviour: here it is as
/// XEP-0060 has it, or, where that is silent, as the more useful of both.
@Suite("Where the PubSub of Prosody and that of ejabberd differ")
struct PeerDifferencesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let behaviour: String
        let script: String

        init(_ behaviour: String, _ script: String...) {
            self.behaviour = behaviour
            self.script = script.joined()
        }

        var testDescription: String { behaviour }
    }

    @Test("each answer is the right one", arguments: readers + publishing + retracting + owners)
    func answer(row: Row) async throws {
        try await conversation(with: "news.verona.lit", row.script)
    }

    @Test("no row is forgotten")
    func complete() {
        let rows = Self.readers + Self.publishing + Self.retracting + Self.owners
        #expect(rows.count == 32)
        #expect(Set(rows.map(\.behaviour)).count == rows.count)
    }

    // MARK: - What rows have in common

    private static let verse = "<verse xmlns='urn:verse'/>"
    private static let asksForItems = Lines.get("romeo", "<items node='sonnet'/>")
    private static let subscribes = Lines.set(
        "romeo",
        "<subscribe node='sonnet' jid='romeo@verona.lit'/>"
    )
    private static let noPersistence = "unsupported feature='persistent-items'"

    private static func publishes(_ items: String) -> String {
        PublishRequestTests.publishes("juliet", items)
    }

    private static func published(_ id: String) -> String {
        publishes(PublishRequestTests.item(id))
            + Lines.result("juliet", "<publish node='sonnet'><item id='\(id)'/></publish>")
    }

    private static func isRefused(
        _ person: String,
        _ type: String,
        _ condition: String,
        _ own: String? = nil
    ) -> String {
        Lines.refused(person, type, condition, own)
    }

    private static func lists(_ ids: String...) -> String {
        let items = ids.map { "<item id='\($0)' publisher='juliet@verona.lit'>\(verse)</item>" }
        return asksForItems
            + Lines.result("romeo", "<items node='sonnet'>\(items.joined())</items>")
    }

    // MARK: - The rows

    private static let readers = [
        Row(
            "subscribe with somebody else's address (§6.1.3.1)",
            Lines.set("romeo", "<subscribe node='verse' jid='juliet@verona.lit'/>"),
            isRefused("romeo", "modify", "bad-request", "invalid-jid")
        ),
        Row(
            "whitelist: subscribe, retrieve (§6.1.3.4, §6.5.9.8)",
            Lines.created("sonnet", ["access_model": "whitelist"]),
            subscribes,
            isRefused("romeo", "cancel", "not-allowed", "closed-node"),
            asksForItems,
            isRefused("romeo", "cancel", "not-allowed", "closed-node")
        ),
        Row(
            "authorize: retrieve without a subscription (§6.5.9.3)",
            Lines.created("sonnet", ["access_model": "authorize"]),
            asksForItems,
            isRefused("romeo", "auth", "not-authorized", "not-subscribed")
        ),
        Row(
            "unsubscribe with a wrong subid (§6.2.3.5)",
            Lines.subscribed("romeo", to: "verse"),
            Lines.set("romeo", "<unsubscribe node='verse' jid='romeo@verona.lit' subid='x'/>"),
            isRefused("romeo", "modify", "not-acceptable", "invalid-subid")
        ),
        Row(
            "subscriptions filtered by node (§5.6)",
            Lines.subscribed("romeo", to: "verse"),
            Lines.get("romeo", "<subscriptions node='verse'/>"),
            Lines.result(
                "romeo",
                """
                <subscriptions node='verse'><subscription node='verse' jid='romeo@verona.lit'
                  subscription='subscribed'/></subscriptions>
                """
            )
        ),
        Row(
            "the last item on subscribing: after the result, with its date (§6.1.7)",
            Lines.created("sonnet", ["send_last_published_item": "on_sub"]),
            published("1"),
            Lines.subscribed("romeo", to: "sonnet"),
            """
            romeo < <message id='*'><event xmlns='http://jabber.org/protocol/pubsub#event'>
              <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>\(verse)</item>
              </items></event>
              <delay xmlns='urn:xmpp:delay' from='news.verona.lit' stamp='*'/></message>

            """
        ),
        Row(
            "an event has an id (§7.1.2), and one of an outcast's goes nowhere (§4.1)",
            Lines.created("sonnet"),
            Lines.subscribed("romeo", to: "sonnet"),
            published("1"),
            PublishRequestTests.hears("romeo", "1"),
            Lines.affiliated("romeo", as: "outcast", with: "sonnet"),
            Lines.event(
                "romeo",
                "<subscription node='sonnet' jid='romeo@verona.lit' subscription='none'/>"
            ),
            published("2"),
            "romeo < nothing\n"
        ),
        Row(
            "a node has the feature and its metadata, its publishers too, in disco#info (§5.3, §5.4)",
            """
            romeo > <iq type='get' id='1'>
              <query xmlns='http://jabber.org/protocol/disco#info' node='drafts-of-nobody'/></iq>

            """,
            isRefused("romeo", "cancel", "item-not-found"),
            Lines.created("sonnet"),
            Lines.affiliated("nurse", as: "publisher", with: "sonnet"),
            """
            romeo > <iq type='get' id='1'>
              <query xmlns='http://jabber.org/protocol/disco#info' node='sonnet'/></iq>
            romeo < <iq type='result' id='1'>
              <query xmlns='http://jabber.org/protocol/disco#info' node='sonnet'>
                <identity category='pubsub' type='leaf'/>
                <feature var='http://jabber.org/protocol/pubsub'/>
                <feature var='http://jabber.org/protocol/disco#info'/>
                <feature var='http://jabber.org/protocol/disco#items'/>
                <x xmlns='jabber:x:data' type='result'>
                  <field var='FORM_TYPE' type='hidden'>
                    <value>http://jabber.org/protocol/pubsub#meta-data</value></field>
                  <field var='pubsub#creation_date' type='text-single'><value>*</value></field>
                  <field var='pubsub#num_subscribers' type='text-single'><value>0</value></field>
                  <field var='pubsub#max_items' type='text-single'><value>max</value></field>
                  <field var='pubsub#access_model' type='list-single'><value>open</value></field>
                  <field var='pubsub#publish_model' type='list-single'>
                    <value>publishers</value></field>
                  <field var='pubsub#creator' type='jid-single'>
                    <value>juliet@verona.lit</value></field>
                  <field var='pubsub#owner' type='jid-multi'>
                    <value>juliet@verona.lit</value></field>
                  <field var='pubsub#publisher' type='jid-multi'>
                    <value>nurse@verona.lit</value></field></x></query></iq>

            """
        ),
        Row(
            "a transient node: retrieve items (§6.5.9.4)",
            Lines.created("sonnet", ["persist_items": "0"]),
            asksForItems,
            isRefused("romeo", "cancel", "feature-not-implemented", noPersistence)
        ),
    ]

    private static let publishing = [
        Row(
            "publish without an item to a persistent node (§7.1.3.7)",
            Lines.created("sonnet"),
            publishes(""),
            isRefused("juliet", "modify", "bad-request", "item-required")
        ),
        Row(
            "an item without a payload, where payloads are delivered (§7.1.3.7)",
            Lines.created("sonnet"),
            publishes("<item id='1'/>"),
            isRefused("juliet", "modify", "bad-request", "payload-required")
        ),
        Row(
            "an item without a payload, where only notifications are (§4.3)",
            Lines.created("sonnet", ["deliver_payloads": "0"]),
            publishes("<item id='1'/>"),
            Lines.result("juliet", "<publish node='sonnet'><item id='1'/></publish>")
        ),
        Row(
            "a transient node that only notifies: an item, and none (§4.3, §7.1.3.7)",
            Lines.created("sonnet", ["persist_items": "0", "deliver_payloads": "0"]),
            Lines.subscribed("romeo", to: "sonnet"),
            publishes(PublishRequestTests.item("1")),
            isRefused("juliet", "modify", "bad-request", "item-forbidden"),
            publishes(""),
            Lines.result("juliet", "<publish node='sonnet'/>"),
            Lines.event("romeo", "<items node='sonnet'/>")
        ),
        Row(
            "two payloads in an item (§7.1.3.6)",
            Lines.created("sonnet"),
            publishes("<item id='1'>\(verse)\(verse)</item>"),
            isRefused("juliet", "modify", "bad-request", "invalid-payload")
        ),
        Row(
            "several items in one request: all are kept (§12.11)",
            Lines.created("sonnet"),
            publishes(PublishRequestTests.item("1") + PublishRequestTests.item("2")),
            PublishRequestTests.published("juliet", "1", "2"),
            lists("2", "1")
        ),
        Row(
            "an unknown field in publish-options (§7.1.5)",
            Lines.created("sonnet"),
            Lines.set(
                "juliet",
                """
                <publish node='sonnet'>\(PublishRequestTests.item("1"))</publish>
                <publish-options>\(Lines.form("publish-options", ["colour": "red"]))\
                </publish-options>
                """
            ),
            isRefused("juliet", "cancel", "conflict", "precondition-not-met"),
            lists()
        ),
        Row(
            "an item that max_items pushes out: the retraction follows the item (§7.1.2.5)",
            Lines.created("sonnet", ["max_items": "1"]),
            published("1"),
            Lines.subscribed("romeo", to: "sonnet"),
            published("2"),
            PublishRequestTests.hears("romeo", "2"),
            Lines.event("romeo", "<items node='sonnet'><retract id='1'/></items>")
        ),
        Row(
            "max_items after a republish: the newest by publication stay (§12.1)",
            Lines.created("sonnet", ["max_items": "2"]),
            published("1"),
            published("2"),
            published("1"),
            published("3"),
            lists("3", "1")
        ),
        Row(
            "publish to node='' (§7.1.1)",
            Lines.set(
                "juliet",
                "<publish node=''>\(PublishRequestTests.item("1"))</publish>"
            ),
            isRefused("juliet", "modify", "bad-request", "nodeid-required")
        ),
        Row(
            "an empty item id: one is made (§7.1.2)",
            Lines.created("sonnet"),
            publishes("<item id=''>\(verse)</item>"),
            Lines.result("juliet", "<publish node='sonnet'><item id='*'/></publish>")
        ),
    ]

    private static let retracting = [
        Row(
            "retract with notify, where notify_retract is off (§7.2.2.1)",
            Lines.created("sonnet", ["notify_retract": "0"]),
            published("1"),
            Lines.subscribed("romeo", to: "sonnet"),
            Lines.set(
                "juliet",
                "<retract node='sonnet' notify='true'><item id='1'/></retract>"
            ),
            Lines.done("juliet"),
            Lines.event("romeo", "<items node='sonnet'><retract id='1'/></items>")
        ),
        Row(
            "retract without notify, where notify_retract is on",
            Lines.created("sonnet", ["notify_retract": "1"]),
            published("1"),
            Lines.subscribed("romeo", to: "sonnet"),
            Lines.set("juliet", "<retract node='sonnet'><item id='1'/></retract>"),
            Lines.done("juliet"),
            Lines.event("romeo", "<items node='sonnet'><retract id='1'/></items>")
        ),
        Row(
            "retract without an item, or its id (§7.2.3.4)",
            Lines.created("sonnet"),
            Lines.set("juliet", "<retract node='sonnet'/>"),
            isRefused("juliet", "modify", "bad-request", "item-required"),
            Lines.set("juliet", "<retract node='sonnet'><item/></retract>"),
            isRefused("juliet", "modify", "bad-request", "item-required")
        ),
        Row(
            "retract and configure without a node (§7.2.3.3, §8.2.3.3)",
            Lines.set("juliet", "<retract><item id='1'/></retract>"),
            isRefused("juliet", "modify", "bad-request", "nodeid-required"),
            Lines.ownerGets("juliet", "<configure/>"),
            isRefused("juliet", "modify", "bad-request", "nodeid-required")
        ),
        Row(
            "purge and retract at a transient node (§8.5.3.3, §7.2.3.5)",
            Lines.created("sonnet", ["persist_items": "0"]),
            Lines.ownerSets("juliet", "<purge node='sonnet'/>"),
            isRefused("juliet", "cancel", "feature-not-implemented", noPersistence),
            Lines.set("juliet", "<retract node='sonnet'><item id='1'/></retract>"),
            isRefused("juliet", "cancel", "feature-not-implemented", noPersistence)
        ),
    ]

    private static func affiliates(_ entries: String) -> String {
        Lines.ownerSets("juliet", "<affiliations node='sonnet'>\(entries)</affiliations>")
    }

    private static func entry(_ person: String, _ affiliation: String) -> String {
        "<affiliation jid='\(person)@verona.lit' affiliation='\(affiliation)'/>"
    }

    private static let owners = [
        Row(
            "deleting a node is told by default (§8.4.2)",
            Lines.created("sonnet"),
            Lines.subscribed("romeo", to: "sonnet"),
            Lines.ownerSets("juliet", "<delete node='sonnet'/>"),
            Lines.done("juliet"),
            Lines.event("romeo", "<delete node='sonnet'/>")
        ),
        Row(
            "a publisher reads the configuration (§8.2.3.2)",
            Lines.created("sonnet"),
            Lines.affiliated("romeo", as: "publisher", with: "sonnet"),
            Lines.ownerGets("romeo", "<configure node='sonnet'/>"),
            isRefused("romeo", "auth", "forbidden")
        ),
        Row(
            "the last owner steps down (§8.9.2.4)",
            Lines.created("sonnet"),
            affiliates(entry("juliet", "member")),
            """
            juliet < <iq type='error' id='1'>
              <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
                <affiliations node='sonnet'>\(entry("juliet", "owner"))</affiliations></pubsub>
              <error type='modify'>
                <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>

            """
        ),
        Row(
            "ownership is handed over in one request (§8.9.2.4)",
            Lines.created("sonnet"),
            affiliates(entry("juliet", "none") + entry("romeo", "owner")),
            Lines.done("juliet"),
            """
            juliet < <message id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
              <affiliations node='sonnet'>\(entry("juliet", "none"))</affiliations></pubsub>
              </message>
            romeo < <message id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
              <affiliations node='sonnet'>\(entry("romeo", "owner"))</affiliations></pubsub>
              </message>

            """,
            Lines.ownerGets("juliet", "<affiliations node='sonnet'/>"),
            isRefused("juliet", "auth", "forbidden")
        ),
        Row(
            "an affiliation that does not exist, and one address twice (§8.9.2)",
            Lines.created("sonnet"),
            affiliates(entry("romeo", "friend")),
            isRefused("juliet", "modify", "bad-request"),
            affiliates(entry("romeo", "member") + entry("romeo", "publisher")),
            isRefused("juliet", "modify", "bad-request")
        ),
        Row(
            "a value that a configuration can't have (§8.2.5.2)",
            Lines.created("sonnet"),
            Lines.ownerSets(
                "juliet",
                """
                <configure node='sonnet'>\(Lines.form("node_config", ["publish_model": "all"]))\
                </configure>
                """
            ),
            isRefused("juliet", "modify", "not-acceptable")
        ),
        Row(
            "an access model there is not, and <configure node=''/> (§8.1.3)",
            Lines.set(
                "juliet",
                """
                <create node='sonnet'/><configure>\
                \(Lines.form("node_config", ["access_model": "roster"]))</configure>
                """
            ),
            isRefused("juliet", "modify", "not-acceptable", "unsupported-access-model"),
            Lines.set("juliet", "<create node='sonnet'/><configure node=''/>"),
            isRefused("juliet", "modify", "bad-request")
        ),
    ]
}
