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
}
