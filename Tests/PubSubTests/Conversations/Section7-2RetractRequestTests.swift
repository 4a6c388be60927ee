import Testing

@Suite("XEP-0060 §7.2: retract over the wire")
struct RetractRequestTests {
    private static func retracts(_ person: String, _ ids: String..., notify: String? = nil)
        -> String
    {
        let items = ids.map { "<item id='\($0)'/>" }.joined()
        let attribute = notify.map { " notify='\($0)'" } ?? ""
        return Lines.set(person, "<retract node='sonnet'\(attribute)>\(items)</retract>")
    }

    private static func published(_ person: String, _ id: String) -> String {
        PublishRequestTests.publishes(person, PublishRequestTests.item(id))
            + PublishRequestTests.published(person, id)
    }

    @Test(
        "readers are told if the request or the node says so (§7.2.2.1)",
        arguments: [
            ("0", nil, false), ("0", "true", true), ("0", "1", true),
            ("1", nil, true), ("1", "false", false),
        ]
    )
    func notices(node: String, request: String?, isTold: Bool) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["notify_retract": node]) + Self.published("juliet", "1")
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.retracts("juliet", "1", notify: request) + Lines.done("juliet")
                + (isTold
                    ? Lines.event("romeo", "<items node='sonnet'><retract id='1'/></items>")
                    : "romeo < nothing\n")
        )
    }

    @Test("all items of the request go, each told by itself, or none (§7.2.3.2)")
    func batch() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Self.published("juliet", "1") + Self.published("juliet", "2")
                + Lines.subscribed("romeo", to: "sonnet")
                + Self.retracts("juliet", "1", "3")
                + Lines.refused("juliet", "cancel", "item-not-found")
                + "romeo < nothing\n"
                + Self.retracts("juliet", "1", "2") + Lines.done("juliet")
                + Lines.event("romeo", "<items node='sonnet'><retract id='1'/></items>")
                + Lines.event("romeo", "<items node='sonnet'><retract id='2'/></items>")
        )
    }

    @Test("publishers retract what is theirs, owners all (§4.1, §7.2.3.1)")
    func rights() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Self.published("juliet", "1")
                + Lines.affiliated("romeo", as: "publisher", with: "sonnet")
                + Self.published("romeo", "2") + Self.published("romeo", "3")
                + Self.retracts("romeo", "1") + Lines.refused("romeo", "auth", "forbidden")
                + Self.retracts("romeo", "2") + Lines.done("romeo")
                + Self.retracts("juliet", "3") + Lines.done("juliet")
        )
    }

    @Test("a node that keeps nothing has nothing to retract (§7.2.3.5)")
    func transient() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["persist_items": "0"]) + Self.retracts("juliet", "1")
                + """
                juliet < <iq type='error' id='1'><error type='cancel'>
                  <feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                  <unsupported xmlns='http://jabber.org/protocol/pubsub#errors'
                    feature='persistent-items'/></error></iq>
                """
        )
    }
}
