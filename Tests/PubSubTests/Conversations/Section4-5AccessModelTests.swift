import Testing

@Suite("XEP-0060 §4.5: access models")
struct AccessModelTests {
    private static let item = PublishRequestTests.item("1")

    private static func node(_ model: String) -> String {
        Lines.created("sonnet", ["access_model": model])
            + PublishRequestTests.publishes("juliet", item)
            + PublishRequestTests.published("juliet", "1")
    }

    private static let subscribe = Lines.set(
        "romeo",
        "<subscribe node='sonnet' jid='romeo@verona.lit'/>"
    )
    private static let retrieve = Lines.get("romeo", "<items node='sonnet'/>")
    private static let retrieved = Lines.result(
        "romeo",
        """
        <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
          <verse xmlns='urn:verse'/></item></items>
        """
    )

    @Test(
        "each affiliation subscribes and fetches as the table says (§4.1)",
        arguments: [
            ("open", "member", nil), ("open", "publisher", nil), ("open", "owner", nil),
            ("open", "publish-only", "forbidden"), ("open", "outcast", "forbidden"),
            ("whitelist", "member", nil), ("whitelist", "publisher", nil),
            ("whitelist", "owner", nil), ("whitelist", "publish-only", "forbidden"),
            ("whitelist", "outcast", "forbidden"), ("authorize", "member", nil),
            ("authorize", "outcast", "forbidden"),
        ]
    )
    func affiliations(model: String, affiliation: String, condition: String?) async throws {
        let ending =
            if let condition {
                Self.subscribe + Lines.refused("romeo", "auth", condition)
                    + Self.retrieve + Lines.refused("romeo", "auth", condition)
            } else {
                Lines.subscribed("romeo", to: "sonnet") + Self.retrieve + Self.retrieved
            }
        try await conversation(
            with: "news.verona.lit",
            Self.node(model) + Lines.affiliated("romeo", as: affiliation, with: "sonnet") + ending
        )
    }

    @Test("a whitelist keeps strangers out (§6.1.3.4, §6.5.9.8)")
    func whitelist() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.node("whitelist")
                + Self.subscribe + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
                + Self.retrieve + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
        )
    }

    @Test("a node for contacts is for those who have the service among theirs (§6.1.3.2, §6.5.9.4)")
    func presence() async throws {
        let stage = try await Stage()
        let refused = Lines.refused(
            "romeo",
            "auth",
            "not-authorized",
            "presence-subscription-required"
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Self.node("presence") + Self.subscribe + refused + Self.retrieve + refused
        )
        try await stage.contact("romeo@verona.lit", isAdded: true)
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Self.retrieve + Self.retrieved + Lines.subscribed("romeo", to: "sonnet")
        )
        let told = try await stage.contact("romeo@verona.lit", isAdded: false)
        #expect(told.count == 1, "whose subscription is over hears of it (§12.14)")
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Self.retrieve + refused
        )
    }

    @Test("where readers are approved, only subscribers fetch items (§6.5.9.3)")
    func authorize() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.node("authorize")
                + Self.retrieve + Lines.refused("romeo", "auth", "not-authorized", "not-subscribed")
                + Lines.affiliated("romeo", as: "member", with: "sonnet")
                + Lines.subscribed("romeo", to: "sonnet") + Self.retrieve + Self.retrieved
        )
    }

    @Test("a new subscriber is sent the newest item after the result, marked as old (§6.1.7)")
    func lastItem() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["send_last_published_item": "on_sub"])
                + Lines.subscribed("nurse", to: "sonnet") + "nurse < nothing\n"
                + PublishRequestTests.publishes("juliet", Self.item)
                + PublishRequestTests.published("juliet", "1")
                + PublishRequestTests.hears("nurse", "1")
                + Lines.subscribed("romeo", to: "sonnet")
                    + """
                    romeo < <message id='*'><event xmlns='http://jabber.org/protocol/pubsub#event'>
                      <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                        <verse xmlns='urn:verse'/></item></items></event>
                      <delay xmlns='urn:xmpp:delay' from='news.verona.lit'
                        stamp='2026-11-21T08:00:00Z'/></message>

                    """
                + Lines.subscribed("romeo", to: "sonnet") + "romeo < nothing\n"
        )
    }

    private static func becomes(_ model: String) -> String {
        Lines.ownerSets(
            "juliet",
            "<configure node='sonnet'>\(Lines.form("node_config", ["access_model": model]))</configure>",
            id: "conf"
        ) + Lines.done("juliet", id: "conf")
    }

    private static func told(_ person: String, _ state: String) -> String {
        Lines.event(
            person,
            "<subscription node='sonnet' jid='\(person)@verona.lit' subscription='\(state)'/>"
        )
    }

    @Test("who may not read a node any more is sent nothing from it, and told so (§14.3)")
    func closing() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.node("open") + Lines.subscribed("romeo", to: "sonnet")
                + Lines.subscribed("nurse", to: "sonnet")
                + Lines.affiliated("nurse", as: "member", with: "sonnet")
                + Self.becomes("whitelist") + Self.told("romeo", "none")
                + PublishRequestTests.publishes("juliet", PublishRequestTests.item("2"))
                + PublishRequestTests.published("juliet", "2")
                + PublishRequestTests.hears("nurse", "2") + "romeo < nothing\n"
                // Off the list is out of the node.
                + Lines.affiliated("nurse", as: "none", with: "sonnet") + Self.told("nurse", "none")
                + PublishRequestTests.publishes("juliet", PublishRequestTests.item("3"))
                + PublishRequestTests.published("juliet", "3")
                + "nurse < nothing\n"
                + Lines.get("nurse", "<subscriptions/>") + Lines.result("nurse", "<subscriptions/>")
        )
    }

    @Test("who is subscribed when a node begins to approve its readers counts as approved")
    func approving() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.node("open") + Lines.subscribed("romeo", to: "sonnet")
                + Self.becomes("authorize")
                + PublishRequestTests.publishes("juliet", PublishRequestTests.item("2"))
                + PublishRequestTests.published("juliet", "2")
                + PublishRequestTests.hears("romeo", "2")
        )
    }

    @Test("who waits to be approved waits no longer when the node is opened, or closed for good")
    func waiting() async throws {
        let waits =
            Self.subscribe
            + Lines.result(
                "romeo",
                """
                <subscription node='sonnet' jid='romeo@verona.lit' subscription='pending'>
                  <subscribe-options/></subscription>
                """
            ) + Lines.request(toDecideOn: "romeo", at: "sonnet")
        try await conversation(
            with: "news.verona.lit",
            Self.node("authorize") + waits + Self.becomes("open")
                + Self.told("romeo", "subscribed") + Lines.subscribed("romeo", to: "sonnet")
        )
        try await conversation(
            with: "news.verona.lit",
            Self.node("authorize") + waits + Self.becomes("whitelist") + Self.told("romeo", "none")
        )
    }

    @Test("an owner subscribes nobody whom the node is closed to (§8.8.2, §14.3)")
    func closedToOthers() async throws {
        let change = Lines.ownerSets(
            "juliet",
            """
            <subscriptions node='sonnet'>
              <subscription jid='romeo@verona.lit' subscription='subscribed'/></subscriptions>
            """
        )
        try await conversation(
            with: "news.verona.lit",
            Self.node("whitelist") + change
                + """
                juliet < <iq type='error' id='1'>
                  <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
                  <subscriptions node='sonnet'>
                  <subscription jid='romeo@verona.lit' subscription='none'/></subscriptions></pubsub>
                  <error type='modify'>
                  <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>

                """
                + Lines.affiliated("romeo", as: "member", with: "sonnet")
                + change + Lines.done("juliet") + Self.told("romeo", "subscribed")
        )
    }
}
