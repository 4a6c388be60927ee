import PubSub
import Storage
import Testing
import XML
import XMPP

@Suite("How much of an item its event carries")
struct EventPayloadTests {
    private static let text = """
        <content type='text'>all of it</content>
        <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>all of it</div></content>
        """

    private static func entry(
        _ text: String = text,
        link: String = "<link href='https://verona.lit/18'/>"
    ) -> String {
        """
        <entry xmlns='http://www.w3.org/2005/Atom'><title>Sonnet 18</title>
          <id>urn:sonnet:18</id><updated>2026-04-05T09:00:00Z</updated>
          <summary>Shall I compare thee</summary>\(text)\(link)</entry>
        """
    }

    private static func item(_ payload: String, publisher: String = "") -> String {
        "<item id='18'\(publisher)>\(payload)</item>"
    }

    private static func published(_ payload: String) -> String {
        PublishRequestTests.publishes("juliet", item(payload))
            + PublishRequestTests.published("juliet", "18")
    }

    private static func hears(_ person: String, _ payload: String) -> String {
        Lines.event(
            person,
            "<items node='sonnet'>\(item(payload, publisher: " publisher='juliet@verona.lit'"))</items>"
        )
    }

    /// The node sends summaries, and is as the fields say besides.
    private static func created(_ fields: String = "") -> String {
        Lines.created("sonnet")
            + Lines.ownerSets(
                "juliet",
                """
                <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
                  <field var='{urn:broadsheet:node:0}event_payload'><value>summary</value></field>
                  \(fields)</x></configure>
                """
            ) + Lines.done("juliet")
    }

    @Test("a summary leaves the text out of the event, and whoever fetches the item gets all of it")
    func summary() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.created() + Lines.subscribed("romeo", to: "sonnet")
                + Self.published(Self.entry()) + Self.hears("romeo", Self.entry(""))
                + Lines.get("romeo", "<items node='sonnet'><item id='18'/></items>")
                + Lines.result(
                    "romeo",
                    """
                    <items node='sonnet'>
                      \(Self.item(Self.entry(), publisher: " publisher='juliet@verona.lit'"))</items>
                    """
                )
        )
    }

    @Test("a new version goes whole to whoever may have fetched the item, and after its end not")
    func replacement() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.created() + Lines.subscribed("romeo", to: "sonnet")
                + Self.published(Self.entry()) + Self.hears("romeo", Self.entry(""))
                + Self.published(Self.entry()) + Self.hears("romeo", Self.entry())
                + Lines.set("juliet", "<retract node='sonnet'><item id='18'/></retract>")
                + Lines.done("juliet")
                + Lines.event("romeo", "<items node='sonnet'><retract id='18'/></items>")
                + Self.published(Self.entry()) + Self.hears("romeo", Self.entry(""))
        )
    }

    @Test(
        "what could not be fetched goes whole, and what would be no Atom entry without its text",
        arguments: [
            ("<field var='pubsub#persist_items'><value>0</value></field>", entry()),
            ("", entry(link: "")), ("", entry(link: "<link rel='related' href='https://x.lit/'/>")),
            ("", "<verse xmlns='urn:verse'><content>all of it</content></verse>"),
        ]
    )
    func whole(fields: String, payload: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.created(fields) + Lines.subscribed("romeo", to: "sonnet")
                + Self.published(payload) + Self.hears("romeo", payload)
        )
    }

    @Test("the newest item comes to a new reader as its event did")
    func lastItem() async throws {
        func subscribes(_ person: String, hearing payload: String) -> String {
            Lines.subscribed(person, to: "sonnet") + """
                \(person) < <message id='*'>
                  <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='sonnet'>
                    \(Self.item(payload, publisher: " publisher='juliet@verona.lit'"))</items></event>
                  <delay xmlns='urn:xmpp:delay' from='news.verona.lit' stamp='*'/></message>

                """
        }
        try await conversation(
            with: "news.verona.lit",
            Self.created(
                "<field var='pubsub#send_last_published_item'><value>on_sub</value></field>"
            ) + Self.published(Self.entry()) + subscribes("romeo", hearing: Self.entry(""))
                + "editor > <wait xmlns='urn:test:inside' seconds='60'/>\n"
                + Self.published(Self.entry()) + Self.hears("romeo", Self.entry())
                + subscribes("nurse", hearing: Self.entry())
        )
    }

    @Test("an issue goes as a summary where its feed says so, and its correction whole")
    func inside() async throws {
        let (store, node) = (try Store.inMemory(), try #require(NodeID(rawValue: "verse")))
        let juliet = try JID("juliet@verona.lit")
        let service = PubSubService(domain: try JID("news.verona.lit"))
        let item = PublishedItem(
            id: try #require(ItemID(rawValue: "18")),
            payload: Element("entry", in: .atom) {
                Element("content") { "all of it" }
                Element("link", ["href": "https://verona.lit/18"])
            },
            publisher: juliet,
            chatSender: juliet
        )
        let events = try await store.write { transaction in
            let record = try service.ensureNode(
                NodeDefinition(id: node, title: "Verse", eventPayload: .summary),
                in: transaction
            )
            var events: [String] = []
            // The last is of an item that had to go for newer ones.
            for note in [nil, FanOutNote.correction, .correction] {
                let fanOut = try service.publish(item, to: node, note: note, in: transaction)
                let event = try transaction.variants(of: fanOut.id).first { $0.kind == .event }
                events.append(String(decoding: event?.first.tail ?? [], as: UTF8.self))
                try transaction.cancelFanOuts(of: item.id, in: record.id, at: .now)
                if events.count == 2 { try transaction.deleteItem(item.id, of: record.id) }
            }
            return events
        }
        #expect(events.map { $0.contains("all of it") } == [false, true, true])
        #expect(events.allSatisfy { $0.contains("https://verona.lit/18") })
    }

    @Test("an issue of which readers could fetch no more than its summary is not published")
    func tooLargeToFetch() async throws {
        let (store, node) = (try Store.inMemory(), try #require(NodeID(rawValue: "verse")))
        let juliet = try JID("juliet@verona.lit")
        var settings = PubSubSettings()
        settings.maximumStanzaSize = 20_000
        let service = PubSubService(domain: try JID("news.verona.lit"), settings: settings)
        try await store.write { transaction in
            _ = try service.ensureNode(
                NodeDefinition(id: node, title: "Verse", eventPayload: .summary),
                in: transaction
            )
        }
        func publish(_ length: Int) async throws {
            let item = PublishedItem(
                id: try #require(ItemID(rawValue: "18")),
                payload: Element("entry", in: .atom) {
                    Element("content") { String(repeating: "o", count: length) }
                    Element("link", ["href": "https://verona.lit/18"])
                },
                publisher: juliet,
                chatSender: juliet
            )
            try await store.write { _ = try service.publish(item, to: node, in: $0) }
        }
        await #expect {
            try await publish(12_000)
        } throws: { error in
            guard case .eventTooBig(let size, let limit) = error as? PubSubError else {
                return false
            }
            return size > 12_000 && limit < 12_000
        }
        let items = try await store.read { transaction in
            try transaction.node(named: node).map { try transaction.itemCount(of: $0.id) }
        }
        #expect(items == 0)
        try await publish(11_000)
    }
}
