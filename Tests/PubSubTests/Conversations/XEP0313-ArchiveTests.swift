import PubSub
import Testing

@Suite("XEP-0313, XEP-0442, XEP-0431: the archive of a node")
struct ArchiveTests {
    private static let start = 1_795_248_000_000

    /// Four publications, a minute apart; the first item is overwritten by the last.
    private static let published =
        Lines.created("sonnet")
        + [
            ("1", "Shall I compare thee"), ("2", "When I do count the clock"),
            ("3", "Look in thy glass"), ("1", "Shall I compare thee to a café?"),
        ]
        .map { id, text in
            PublishRequestTests.publishes("juliet", PublishRequestTests.item(id, text))
                + PublishRequestTests.published("juliet", id)
                + "editor > <wait xmlns='urn:test:inside' seconds='60'/>\n"
        }
        .joined()

    private static let texts = [
        2: ("2", "When I do count the clock", "08:01"), 3: ("3", "Look in thy glass", "08:02"),
        4: ("1", "Shall I compare thee to a café?", "08:03"),
    ]

    private static func asks(_ fields: String = "", page: String = "") -> String {
        """
        romeo > <iq type='set' id='1'><query xmlns='urn:xmpp:mam:2' queryid='q' node='sonnet'>
          <x xmlns='jabber:x:data' type='submit'>
            <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>\(fields)</x>
            <set xmlns='http://jabber.org/protocol/rsm'>\(page)</set></query></iq>

        """
    }

    private static func field(_ name: String, _ value: String) -> String {
        "<field var='\(name)'><value>\(value)</value></field>"
    }

    /// The results, by their places in the order of publication, and what ends them.
    private static func gets(
        _ places: Int...,
        from index: Int = 0,
        of count: Int,
        isComplete: Bool = true
    ) -> String {
        let messages = places.compactMap { place -> String? in
            guard let (id, text, time) = texts[place] else { return nil }
            return """
                romeo < <message id='*'>
                  <result xmlns='urn:xmpp:mam:2' queryid='q' id='\(start)-\(place)'>
                  <forwarded xmlns='urn:xmpp:forward:0'>
                  <delay xmlns='urn:xmpp:delay' stamp='2026-11-21T\(time):00Z'/>
                  <message xmlns='jabber:client'>
                  <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='sonnet'>
                  <item id='\(id)' publisher='juliet@verona.lit'>
                  <verse xmlns='urn:verse'>\(text)</verse></item></items></event></message>
                  </forwarded></result></message>

                """
        }
        var set = ""
        if let first = places.first, let last = places.last {
            set = "<first index='\(index)'>\(start)-\(first)</first><last>\(start)-\(last)</last>"
        }
        return messages.joined() + """
            romeo < <iq type='result' id='1'>
              <fin xmlns='urn:xmpp:mam:2'\(isComplete ? " complete='true'" : "")>
              <set xmlns='http://jabber.org/protocol/rsm'>\(set)<count>\(count)</count></set>
              </fin></iq>

            """
    }

    @Test("all that is there comes in the order of publication, before the result (§4.2)")
    func all() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.published + Self.asks() + Self.gets(2, 3, 4, of: 3)
        )
    }

    @Test(
        "items are found by time and publisher (§4.1)",
        arguments: [
            (field("start", "2026-11-21T08:02:00Z"), [3, 4]),
            (field("end", "2026-11-21T08:02:00Z"), [2, 3]),
            (field("with", "juliet@verona.lit/phone"), [2, 3, 4]),
            (field("with", "romeo@verona.lit"), []),
        ]
    )
    func filters(fields: String, places: [Int]) async throws {
        let expected =
            switch places {
            case [3, 4]: Self.gets(3, 4, of: 2)
            case [2, 3]: Self.gets(2, 3, of: 2)
            case [2, 3, 4]: Self.gets(2, 3, 4, of: 3)
            default: Self.gets(of: 0)
            }
        try await conversation(
            with: "news.verona.lit",
            Self.published + Self.asks(fields) + expected
        )
    }

    @Test(
        "items are found by their words, in any order, case and accent; nothing is an operator",
        arguments: [
            ("CLOCK", 2), ("clock the count", 2), ("cafe", 4), ("thy glass", 3),
            ("glass OR clock", nil), ("\"", nil), ("gla*", nil), ("-clock", 2),
        ]
    )
    func text(words: String, place: Int?) async throws {
        let words = words.replacing("\"", with: "&quot;")
        try await conversation(
            with: "news.verona.lit",
            Self.published + Self.asks(Self.field("{urn:xmpp:fulltext:0}fulltext", words))
                + (place.map { Self.gets($0, of: 1) } ?? Self.gets(of: 0))
        )
    }

    @Test("results come in pages, forwards and backwards (XEP-0059)")
    func pages() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.published
                + Self.asks(page: "<max>2</max>") + Self.gets(2, 3, of: 3, isComplete: false)
                + Self.asks(page: "<max>2</max><after>\(Self.start)-3</after>")
                + Self.gets(4, from: 2, of: 3)
                + Self.asks(page: "<max>1</max><before/>")
                + Self.gets(4, from: 2, of: 3, isComplete: false)
                + Self.asks(page: "<max>9</max><before>\(Self.start)-4</before>")
                + Self.gets(2, 3, of: 3)
                // The publication that was overwritten.
                + Self.asks(page: "<after>\(Self.start)-1</after>")
                + Lines.refused("romeo", "cancel", "item-not-found")
        )
    }

    @Test("an id is never given twice, and what is gone is not found")
    func ids() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.published
                + Lines.ownerSets("juliet", "<purge node='sonnet'/>") + Lines.done("juliet")
                + Self.asks() + Self.gets(of: 0)
                + Self.asks(Self.field("{urn:xmpp:fulltext:0}fulltext", "glass")) + Self.gets(of: 0)
                + PublishRequestTests.publishes("juliet", PublishRequestTests.item("1"))
                + PublishRequestTests.published("juliet", "1")
                + Self.asks(page: "<max>0</max>") + Self.gets(of: 1, isComplete: false)
                + Self.asks(page: "<after>\(Self.start)-4</after>")
                + Lines.refused("romeo", "cancel", "item-not-found")
        )
    }

    @Test("the archive is for those who may read the node, and mistakes are named")
    func refused() async throws {
        func asks(_ node: String, _ fields: String = "") -> String {
            """
            romeo > <iq type='set' id='1'><query xmlns='urn:xmpp:mam:2' \(node)>
              <x xmlns='jabber:x:data' type='submit'>\(fields)</x></query></iq>

            """
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["access_model": "whitelist"])
                + asks("node='sonnet'")
                + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
                + asks("node='drafts'") + Lines.refused("romeo", "cancel", "item-not-found")
                + asks("") + Lines.refused("romeo", "modify", "bad-request", "nodeid-required")
                + asks("node='verse'", Self.field("start", "yesterday"))
                + Lines.refused("romeo", "modify", "bad-request")
                + asks("node='verse'", Self.field("with", "@"))
                + Lines.refused("romeo", "modify", "bad-request", "invalid-jid")
                + asks("node='verse'", Self.field("colour", "red"))
                + Lines.refused("romeo", "cancel", "feature-not-implemented")
        )
    }

    @Test("the fields of a query are told (§4.1.5)")
    func form() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'><query xmlns='urn:xmpp:mam:2' node='verse'/></iq>
            romeo < <iq type='result' id='1'><query xmlns='urn:xmpp:mam:2' node='verse'>
              <x xmlns='jabber:x:data' type='form'>
                <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>
                <field var='with' type='jid-single'/><field var='start' type='text-single'/>
                <field var='end' type='text-single'/>
                <field var='{urn:xmpp:fulltext:0}fulltext' type='text-single'/></x></query></iq>
            """
        )
    }

    @Test("what does not fit into an answer is left to a further page (§4.3.1)")
    func large() async throws {
        // An item is said to take some 130 bytes.
        let stage = try await Stage(
            settings: PubSubSettings(maximumAnswerSize: 300, creators: Stage.creators)
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            Self.published + Self.asks() + Self.gets(2, 3, of: 3, isComplete: false)
                + Self.asks(page: "<after>\(Self.start)-3</after>") + Self.gets(4, from: 2, of: 3)
                + Self.asks(page: "<before/>") + Self.gets(3, 4, from: 1, of: 3, isComplete: false)
        )
    }
}
