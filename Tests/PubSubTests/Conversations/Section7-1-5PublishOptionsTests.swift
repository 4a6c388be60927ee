import Testing

@Suite("XEP-0060 §7.1.5: publishing options")
struct PublishOptionsTests {
    private static func publishes(
        _ fields: KeyValuePairs<String, String>,
        form: String = "publish-options"
    ) -> String {
        Lines.set(
            "juliet",
            """
            <publish node='sonnet'>\(PublishRequestTests.item("1"))</publish>
            <publish-options>\(Lines.form(form, fields))</publish-options>
            """
        )
    }

    @Test("a node is made as the options say, and then meets them")
    func autoCreate() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.publishes(["access_model": "whitelist", "max_items": "3"])
                + PublishRequestTests.published("juliet", "1")
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
                + Self.publishes(["access_model": "whitelist", "persist_items": "true"])
                + PublishRequestTests.published("juliet", "1")
        )
    }

    @Test("nothing is published at a node that is not as wanted")
    func conflict() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["max_items": "7"])
                + Self.publishes(["max_items": "7", "access_model": "whitelist"])
                + Lines.refused("juliet", "cancel", "conflict", "precondition-not-met")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.result("romeo", "<items node='sonnet'/>")
        )
    }

    @Test(
        "an option that no node can meet is refused, and makes no node",
        arguments: ["colour", "presence_based_delivery"]
    )
    func unknown(field: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.publishes([field: "1"])
                + Lines.refused("juliet", "cancel", "conflict", "precondition-not-met")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.refused("romeo", "cancel", "item-not-found")
        )
    }

    @Test("a form of another kind is refused, and a bad value by name")
    func forms() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.publishes([:], form: "node_config")
                + Lines.refused("juliet", "modify", "bad-request", "invalid-options")
                + Self.publishes(["max_items": "few"])
                + Lines.refused("juliet", "modify", "not-acceptable")
        )
    }

    @Test("a node that was made for an item that is refused is gone again")
    func undone() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.publishes(["max_payload_size": "5"])
                + Lines.refused("juliet", "modify", "not-acceptable", "payload-too-big")
                + Lines.get("romeo", "<items node='sonnet'/>")
                + Lines.refused("romeo", "cancel", "item-not-found")
        )
    }
}
