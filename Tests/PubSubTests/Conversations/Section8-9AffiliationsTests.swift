import Testing

@Suite("XEP-0060 §8.9, §5.7: affiliations")
struct AffiliationsTests {
    private static func entry(_ person: String, _ affiliation: String) -> String {
        "<affiliation jid='\(person)@verona.lit' affiliation='\(affiliation)'/>"
    }

    private static func changes(_ owner: String, _ entries: String...) -> String {
        Lines.ownerSets(
            owner,
            "<affiliations node='sonnet'>\(entries.joined())</affiliations>"
        )
    }

    private static func told(_ person: String, _ affiliation: String) -> String {
        """
        \(person) < <message id='*'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
          <affiliations node='sonnet'>\(entry(person, affiliation))</affiliations>
          </pubsub></message>

        """
    }

    private static func list(_ owner: String, _ entries: String...) -> String {
        Lines.ownerGets(owner, "<affiliations node='sonnet'/>")
            + Lines.result(
                owner,
                "<affiliations node='sonnet'>\(entries.joined())</affiliations>",
                space: "#owner"
            )
    }

    @Test(
        "an owner gives and takes affiliations; everybody sees their own (§8.9.1 to §8.9.4, §5.7)"
    )
    func manage() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Self.changes(
                    "juliet",
                    Self.entry("romeo", "publisher"),
                    Self.entry("nurse", "member")
                )
                + Lines.done("juliet")
                + Self.told("romeo", "publisher") + Self.told("nurse", "member")
                + Self.list(
                    "juliet",
                    Self.entry("juliet", "owner"),
                    Self.entry("nurse", "member"),
                    Self.entry("romeo", "publisher")
                )
                + Lines.get("romeo", "<affiliations/>")
                + Lines.result(
                    "romeo",
                    """
                    <affiliations>
                      <affiliation node='sonnet' affiliation='publisher'/></affiliations>
                    """
                )
                + Self.changes(
                    "juliet",
                    Self.entry("romeo", "none"),
                    Self.entry("nurse", "member"),
                    "<affiliation jid='juliet@verona.lit'/>"
                )
                + Lines.done("juliet") + Self.told("romeo", "none")
                + Lines.get("romeo", "<affiliations node='sonnet'/>")
                + Lines.result("romeo", "<affiliations node='sonnet'/>")
        )
    }

    @Test("the last owner stays; handing over in one request works (§8.9.2.4)")
    func lastOwner() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Self.changes(
                    "juliet",
                    Self.entry("juliet", "none"),
                    Self.entry("romeo", "member")
                )
                    + """
                    juliet < <iq type='error' id='1'>
                      <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
                        <affiliations node='sonnet'>\(Self.entry("juliet", "owner"))</affiliations>
                      </pubsub><error type='modify'>
                        <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                    romeo < nothing

                    """
                + Self.list("juliet", Self.entry("juliet", "owner"))
                + Self.changes("juliet", Self.entry("juliet", "none"), Self.entry("romeo", "owner"))
                + Lines.done("juliet") + Self.told("juliet", "none") + Self.told("romeo", "owner")
                + Lines.ownerGets("juliet", "<affiliations node='sonnet'/>")
                + Lines.refused("juliet", "auth", "forbidden")
                + Self.list("romeo", Self.entry("romeo", "owner"))
        )
    }

    @Test(
        "one address twice, and an affiliation that does not exist, are refused",
        arguments: [("romeo", "member", "romeo", "owner"), ("romeo", "king", "nurse", "member")]
    )
    func malformed(first: String, one: String, second: String, other: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Self.changes("juliet", Self.entry(first, one), Self.entry(second, other))
                + Lines.refused("juliet", "modify", "bad-request")
                + Self.list("juliet", Self.entry("juliet", "owner"))
        )
    }

    @Test("an outcast gets nothing more, and can't come back (§8.9.2, §6.1.3.8)")
    func outcast() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.changes("juliet", Self.entry("romeo", "outcast")) + Lines.done("juliet")
                + Self.told("romeo", "outcast")
                + Lines.event(
                    "romeo",
                    "<subscription node='sonnet' jid='romeo@verona.lit' subscription='none'/>"
                )
                + PublishRequestTests.publishes("juliet", PublishRequestTests.item("1"))
                + PublishRequestTests.published("juliet", "1")
                + "romeo < nothing\n"
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.refused("romeo", "auth", "forbidden")
        )
    }
}
