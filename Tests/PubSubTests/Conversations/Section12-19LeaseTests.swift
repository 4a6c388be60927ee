import Testing

@Suite("XEP-0060 §12.19, §6.3, §6.4: leases and other options")
struct LeaseTests {
    private static func options(_ fields: KeyValuePairs<String, String>) -> String {
        Lines.set(
            "romeo",
            """
            <options node='sonnet' jid='romeo@verona.lit'>
              \(Lines.form("subscribe_options", fields))</options>
            """
        )
    }

    private static let publishes =
        PublishRequestTests.publishes("juliet", PublishRequestTests.item("1"))
        + PublishRequestTests.published("juliet", "1")

    private static func wait(_ seconds: Int) -> String {
        "editor > <wait xmlns='urn:test:inside' seconds='\(seconds)'/>\n"
    }

    @Test("a lease ends by itself, and whoever had it is told")
    func lease() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.options(["expire": "2026-11-21T08:01:00Z"]) + Lines.done("romeo")
                + Self.publishes + PublishRequestTests.hears("romeo", "1")
                + Self.wait(60) + Self.publishes
                + Lines.event(
                    "romeo",
                    "<subscription node='sonnet' jid='romeo@verona.lit' subscription='none'/>"
                )
                + "romeo < nothing\n"
        )
    }

    @Test("a lease is renewed, and given up, with the options")
    func renew() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.options(["expire": "2026-11-21T08:01:00Z"]) + Lines.done("romeo")
                + Self.options(["expire": "2026-11-21T08:02:00Z"]) + Lines.done("romeo")
                + Self.wait(60)
                + Self.options(["expire": ""]) + Lines.done("romeo")
                + Self.wait(600) + Self.publishes + PublishRequestTests.hears("romeo", "1")
        )
    }

    @Test("who wants nothing delivered for a while gets nothing, and stays subscribed (deliver)")
    func deliver() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.options(["deliver": "0"]) + Lines.done("romeo")
                + Self.publishes + "romeo < nothing\n"
                + Self.options(["deliver": "true"]) + Lines.done("romeo")
                + Self.publishes + PublishRequestTests.hears("romeo", "1")
        )
    }

    @Test(
        "what is not offered is refused, and what is past (§6.3.6.2)",
        arguments: [
            ("digest", "1"), ("expire", "absence"), ("expire", "2026-11-21T08:00:00Z"),
            ("deliver", "maybe"), ("show-values", "asleep"),
        ]
    )
    func refused(field: String, value: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.options([field: value])
                + Lines.refused("romeo", "modify", "bad-request", "invalid-options")
                + Self.publishes + PublishRequestTests.hears("romeo", "1")
        )
    }

    @Test("the options of a new subscription are told beforehand (§6.4)")
    func defaults() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.get("romeo", "<default node='elegy'/>")
                + Lines.refused("romeo", "cancel", "item-not-found")
                + Lines.get("romeo", "<default node='verse'/>")
                + Lines.result(
                    "romeo",
                    """
                    <default node='verse'><x xmlns='jabber:x:data' type='form'>
                      <title>*</title>
                      <field var='FORM_TYPE' type='hidden'>
                        <value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>
                      <field var='{urn:broadsheet:reader:0}form' type='list-single' label='*'>
                        <value>event</value><option label='*'><value>event</value></option>
                        <option label='*'><value>event-body</value></option>
                        <option label='*'><value>chat</value></option></field>
                      <field var='{urn:broadsheet:reader:0}amount' type='list-single' label='*'>
                        <value>short</value><option label='*'><value>full</value></option>
                        <option label='*'><value>short</value></option>
                        <option label='*'><value>link</value></option></field>
                      <field var='{urn:broadsheet:reader:0}translations' type='boolean' label='*'>
                        <value>1</value></field>
                      <field var='pubsub#include_body' type='boolean' label='*'>
                        <value>0</value></field>
                      <field var='pubsub#deliver' type='boolean' label='*'><value>1</value></field>
                      <field var='pubsub#expire' type='text-single' label='*'/>
                      <field var='pubsub#show-values' type='list-multi' label='*'>
                        <option label='*'><value>chat</value></option>
                        <option label='*'><value>online</value></option>
                        <option label='*'><value>away</value></option>
                        <option label='*'><value>xa</value></option>
                        <option label='*'><value>dnd</value></option></field></x></default>
                    """
                )
        )
    }
}
