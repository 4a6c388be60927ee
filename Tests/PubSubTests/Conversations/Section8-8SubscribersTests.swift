import PubSub
import Testing

@Suite("XEP-0060 §8.8: owners manage subscriptions")
struct SubscribersTests {
    private static func entry(_ person: String, _ state: String) -> String {
        "<subscription jid='\(person)@verona.lit' subscription='\(state)'/>"
    }

    private static func changes(_ entries: String...) -> String {
        Lines.ownerSets(
            "juliet",
            "<subscriptions node='sonnet'>\(entries.joined())</subscriptions>"
        )
    }

    private static func told(_ person: String, _ state: String) -> String {
        Lines.event(
            person,
            "<subscription node='sonnet' jid='\(person)@verona.lit' subscription='\(state)'/>"
        )
    }

    private static func list(_ entries: String...) -> String {
        Lines.ownerGets("juliet", "<subscriptions node='sonnet'/>")
            + Lines.result(
                "juliet",
                "<subscriptions node='sonnet'>\(entries.joined())</subscriptions>",
                space: "#owner"
            )
    }

    @Test("an owner sees who reads, adds and removes readers, and they are told (§8.8.1 to §8.8.4)")
    func manage() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Self.list(Self.entry("romeo", "subscribed"))
                + Self.changes(
                    Self.entry("romeo", "none"),
                    Self.entry("nurse", "subscribed"),
                    Self.entry("paris", "none"),
                    "<subscription jid='tybalt@verona.lit'/>"
                ) + Lines.done("juliet")
                + Self.told("romeo", "none") + Self.told("nurse", "subscribed")
                + Self.list(Self.entry("nurse", "subscribed"))
        )
    }

    @Test("an owner can't have anything sent to somebody who has not asked (§8.8.2, §8.9.4)")
    func victims() async throws {
        let stage = try await Stage(settings: PubSubSettings(creators: Stage.creators))
        let space = "http://jabber.org/protocol/pubsub#owner"
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Lines.created("sonnet", ["access_model": "authorize", "notify_sub": "true"])
                + Self.changes(Self.entry("nurse", "subscribed"))
                    + """
                    juliet < <iq type='error' id='1'>
                      <pubsub xmlns='\(space)'><subscriptions node='sonnet'>
                        \(Self.entry("nurse", "none"))</subscriptions></pubsub>
                      <error type='modify'>
                        <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                    nurse < nothing

                    """
                + Lines.ownerSets(
                    "juliet",
                    "<affiliations node='sonnet'>"
                        + "<affiliation jid='nurse@verona.lit' affiliation='owner'/></affiliations>"
                ) + Lines.done("juliet") + "nurse < nothing\n"
                + Self.changes(Self.entry("juliet", "subscribed")) + Lines.done("juliet")
                + Self.told("juliet", "subscribed")
        )
    }

    @Test("a list too long for one answer comes in pages, from both ends (XEP-0059)")
    func pages() async throws {
        let stage = try await Stage(
            settings: PubSubSettings(maximumListLength: 2, creators: Stage.creators)
        )
        let space = "http://jabber.org/protocol/rsm"
        func page(_ people: [String], from index: Int) -> String {
            Lines.result(
                "juliet",
                """
                <subscriptions node='sonnet'>\(people.map { Self.entry($0, "subscribed") }.joined())\
                </subscriptions><set xmlns='\(space)'>\
                <first index='\(index)'>\(people[0])@verona.lit</first>\
                <last>\(people[people.count - 1])@verona.lit</last><count>3</count></set>
                """,
                space: "#owner"
            )
        }
        func asked(_ set: String) -> String {
            Lines.ownerGets(
                "juliet",
                "<subscriptions node='sonnet'/><set xmlns='\(space)'>\(set)</set>"
            )
        }
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Lines.created("sonnet") + Lines.subscribed("romeo", to: "sonnet")
                + Lines.subscribed("nurse", to: "sonnet")
                + Lines.subscribed("paris", to: "sonnet")
                + Lines.ownerGets("juliet", "<subscriptions node='sonnet'/>")
                + page(["romeo", "nurse"], from: 0)
                + asked("<after>nurse@verona.lit</after>") + page(["paris"], from: 2)
                + asked("<max>1</max><before/>") + page(["paris"], from: 2)
                + asked("<max>1</max><before>nurse@verona.lit</before>")
                + page(["romeo"], from: 0)
        )
    }

    @Test("if one change can't be, none is, and those are named as they stay (§8.8.2.4)")
    func refused() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet")
                + Lines.affiliated("paris", as: "outcast", with: "sonnet")
                + Self.changes(
                    Self.entry("nurse", "subscribed"),
                    Self.entry("paris", "subscribed"),
                    "<subscription jid='balcony@rooms.lit/romeo' subscription='subscribed'/>",
                    Self.entry("tybalt", "pending")
                )
                    + """
                    juliet < <iq type='error' id='1'>
                      <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
                      <subscriptions node='sonnet'>\(Self.entry("paris", "none"))
                        <subscription jid='balcony@rooms.lit/romeo' subscription='none'/>
                        \(Self.entry("tybalt", "none"))</subscriptions></pubsub>
                      <error type='modify'>
                        <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                    nurse < nothing

                    """ + Self.list()
        )
    }

    @Test("owners are told who comes and goes, if they want to be (notify_sub)")
    func noticesToOwners() async throws {
        func told(_ state: String) -> String {
            Lines.event(
                "juliet",
                "<subscription node='sonnet' jid='romeo@verona.lit' subscription='\(state)'/>"
            )
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["notify_sub": "1"])
                + Lines.subscribed("romeo", to: "sonnet") + told("subscribed")
                + Lines.subscribed("romeo", to: "sonnet") + "juliet < nothing\n"
                + Lines.set("romeo", "<unsubscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.done("romeo") + told("none")
                + Lines.subscribed("juliet", to: "sonnet") + "juliet < nothing\n"
        )
    }
    @Test("an owner hears what another owner does with readers (notify_sub)")
    func noticesOfOthers() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["notify_sub": "1"])
                + Lines.affiliated("paris", as: "owner", with: "sonnet")
                + Self.changes(Self.entry("nurse", "subscribed")) + Lines.done("juliet")
                + Self.told("nurse", "subscribed")
                + Lines.event(
                    "paris",
                    "<subscription node='sonnet' jid='nurse@verona.lit' subscription='subscribed'/>"
                ) + "juliet < nothing\n"
        )
    }

    @Test("who waits to be let in is not on the list of readers (§8.8.1.2)")
    func pending() async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["access_model": "authorize", "notify_sub": "1"])
                + Lines.subscribed("juliet", to: "sonnet")
                + Lines.set("romeo", "<subscribe node='sonnet' jid='romeo@verona.lit'/>")
                + Lines.result(
                    "romeo",
                    """
                    <subscription node='sonnet' jid='romeo@verona.lit' subscription='pending'>
                      <subscribe-options/></subscription>
                    """
                ) + Lines.request(toDecideOn: "romeo", at: "sonnet")
                + Self.list(Self.entry("juliet", "subscribed"))
        )
    }
}
