import PubSub
import Testing

@Suite("XEP-0060 §12.5, §12.6: what depends on whether a reader is there")
struct PresenceTests {
    private static func wait(_ seconds: Int) -> String {
        "editor > <wait xmlns='urn:test:inside' seconds='\(seconds)'/>\n"
    }

    /// Somebody's client tells us how available it is.
    private static func shows(_ person: String, _ show: String? = nil) -> String {
        "\(person) > <presence>\(show.map { "<show>\($0)</show>" } ?? "")</presence>\n"
    }

    private static func goes(_ person: String) -> String {
        "\(person) > <presence type='unavailable'/>\n"
    }

    private static func options(_ fields: KeyValuePairs<String, String>, of jid: String) -> String {
        Lines.set(
            "romeo",
            "<options node='sonnet' jid='\(jid)'>\(Lines.form("subscribe_options", fields))</options>"
        )
    }

    private static func options(_ fields: KeyValuePairs<String, String>) -> String {
        options(fields, of: "romeo@verona.lit") + Lines.done("romeo")
    }

    private static func publishes(_ id: String) -> String {
        PublishRequestTests.publishes("juliet", PublishRequestTests.item(id))
            + PublishRequestTests.published("juliet", id)
    }

    private static func hears(_ id: String) -> String { PublishRequestTests.hears("romeo", id) }

    private static let silence = "romeo < nothing\n"
    private static let ended = Lines.event(
        "romeo",
        "<subscription node='sonnet' jid='romeo@verona.lit' subscription='none'/>"
    )
    private static let begins =
        Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")

    @Test("events come only while a client shows what the reader has chosen (show-values, §12.6)")
    func showValues() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.options(["show-values": "online"])
                + Self.publishes("1") + Self.hears("1")
                + Self.shows("romeo", "away") + Self.publishes("2") + Self.silence
                + Self.shows("romeo/phone") + Self.publishes("3") + Self.hears("3")
                + Self.goes("romeo/phone") + Self.publishes("4") + Self.silence
                + Self.options(["show-values": ""]) + Self.publishes("5") + Self.hears("5")
        )
    }

    @Test("what is shown is believed for a while only, since the end of it may be lost")
    func belief() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.options(["show-values": "online"])
                + Self.wait(2_591_999) + Self.publishes("1") + Self.hears("1")
                + Self.wait(1) + Self.publishes("2") + Self.silence
        )
    }

    @Test("who reads by one client is there while that one is, and no other")
    func oneClient() async throws {
        let jid = "romeo@verona.lit/script"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.set("romeo", "<subscribe node='sonnet' jid='\(jid)'/>")
                + Lines.result(
                    "romeo",
                    """
                    <subscription node='sonnet' jid='\(jid)' subscription='subscribed'>
                      <subscribe-options/></subscription>
                    """
                )
                + Self.shows("romeo/script/other") + Self.options(["expire": "presence"], of: jid)
                + Lines.refused("romeo", "modify", "bad-request", "invalid-options")
                + Self.shows("romeo") + Self.options(["show-values": "online"], of: jid)
                + Lines.done("romeo") + Self.publishes("1")
                + PublishRequestTests.hears("romeo", "1")
                + Self.goes("romeo") + Self.publishes("2") + Self.silence
        )
    }

    @Test(
        "what needs a presence that is not known is refused with the way to make it known",
        arguments: [("expire", "presence"), ("show-values", "chat")]
    )
    func unknown(field: String, value: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.options([field: value], of: "romeo@verona.lit")
                + """
                romeo < <iq type='error' id='1'><error type='modify'>
                  <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                  <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>pubsub#\(field) depends on \
                whether you are there, which is not known here. Subscribe without it, send presence \
                to news.verona.lit, and choose it then.</text>
                  <invalid-options xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>

                """
                + Self.shows("romeo") + Self.goes("romeo")
                + Self.options([field: value], of: "romeo@verona.lit")
                + Lines.refused("romeo", "modify", "bad-request", "invalid-options")
                + Self.shows("romeo", "chat") + Self.options([field: value])
        )
    }

    @Test("a form that is sent back with another field changed needs no presence anew")
    func unchanged() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.options(["show-values": "online"])
                + Self.goes("romeo")
                + Self.options(["show-values": "online", "include_body": "1"])
        )
    }

    @Test("a temporary subscription ends when the last of the reader's clients goes (§12.5)")
    func temporary() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.shows("romeo/phone", "xa")
                + Self.options(["expire": "presence"])
                + Self.goes("romeo") + Self.publishes("1") + Self.hears("1")
                + Self.goes("romeo/phone") + Self.ended + Self.publishes("2") + Self.silence
        )
    }

    @Test("it ends too when the server says that the whole account is gone")
    func accountGone() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.options(["expire": "presence"])
                + "romeo > <presence type='unavailable' from='romeo@verona.lit'/>\n" + Self.ended
        )
    }

    @Test("it lasts no longer once another end is chosen, and no end at all with none")
    func temporaryNoMore() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.begins + Self.shows("romeo") + Self.options(["expire": "presence"])
                + Self.options(["expire": ""]) + Self.goes("romeo") + Self.silence
                + Self.publishes("1") + Self.hears("1")
        )
    }

    @Test("who comes online is sent the newest item, once, and not again for coming and going")
    func onPresence() async throws {
        let last = """
            romeo < <message id='*'><event xmlns='http://jabber.org/protocol/pubsub#event'>
              <items node='sonnet'><item id='1' publisher='juliet@verona.lit'>
                <verse xmlns='urn:verse'/></item></items></event>
              <delay xmlns='urn:xmpp:delay' stamp='*' from='news.verona.lit'/></message>

            """
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["send_last_published_item": "on_sub_and_presence"])
                + Lines.subscribed("romeo", to: "sonnet") + Self.publishes("1") + Self.hears("1")
                + Self.shows("nurse") + "nurse < nothing\n"
                + Self.shows("romeo") + last
                + Self.shows("romeo", "away") + Self.shows("romeo/phone") + Self.silence
                + Self.goes("romeo/phone") + Self.goes("romeo") + Self.shows("romeo") + Self.silence
                + Self.goes("romeo") + Self.wait(3_600) + Self.shows("romeo") + last
        )
    }

    @Test("who lies low, or is not shown as chosen, is sent nothing for coming online")
    func notOnPresence() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["send_last_published_item": "on_sub_and_presence"])
                + Lines.subscribed("romeo", to: "sonnet") + Self.publishes("1") + Self.hears("1")
                + Self.options(["deliver": "0"]) + Self.shows("romeo") + Self.silence
        )
    }

    @Test("a client that has gone takes no other's place; one that is there does")
    func places() async throws {
        try await conversation(
            with: "news.verona.lit",
            on: try await Stage(
                settings: PubSubSettings(creators: Stage.creators, maximumClientSubscriptions: 1)
            ),
            Self.begins + Self.shows("romeo/phone") + Self.goes("romeo/phone")
                + Self.shows("romeo") + Self.options(["show-values": "online"])
                + Self.publishes("1") + Self.hears("1")
                + Self.shows("romeo", "away") + Self.shows("romeo/desk")
                + Self.publishes("2") + Self.silence
        )
    }
}
