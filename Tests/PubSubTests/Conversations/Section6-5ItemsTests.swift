import PubSub
import Testing

@Suite("XEP-0060 §6.5: retrieve items")
struct ItemsTests {
    /// Three verses are published: 1, 2, 3.
    private let published = (1...3).map { number in
        """
        editor > <publish xmlns='urn:test:inside' node='verse' id='\(number)'>
                   <verse xmlns='urn:verse'>\(number)</verse></publish>
        editor < <started xmlns='urn:test:inside' readers='0'/>

        """
    }.joined()

    private func item(_ id: Int) -> String {
        "<item id='\(id)' publisher='verse@news.verona.lit'>"
            + "<verse xmlns='urn:verse'>\(id)</verse></item>"
    }

    private func asks(_ attributes: String = "", _ inner: String = "", set: String = "") -> String {
        let page = "<set xmlns='http://jabber.org/protocol/rsm'>\(set)</set>"
        return """
            romeo > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <items node='verse' \(attributes)>\(inner)</items>\(set.isEmpty ? "" : page)
                    </pubsub></iq>

            """
    }

    private func gets(_ ids: [Int], set: String = "") -> String {
        let page = "<set xmlns='http://jabber.org/protocol/rsm'>\(set)</set>"
        return """
            romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <items node='verse'>\(ids.map(item).joined())</items>
                      \(set.isEmpty ? "" : page)</pubsub></iq>

            """
    }

    private func isRefused(_ type: String, _ condition: String, _ own: String = "") -> String {
        let child = own.isEmpty ? "" : "<\(own) xmlns='http://jabber.org/protocol/pubsub#errors'/>"
        return """
            romeo < <iq type='error' id='1'><error type='\(type)'>
                      <\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\(child)</error></iq>

            """
    }

    @Test("all items come newest first, each with its publisher (§6.5.2)")
    func all() async throws {
        try await conversation(
            with: "news.verona.lit",
            asks() + gets([]) + published + asks() + gets([3, 2, 1])
        )
    }

    @Test(
        "max_items gives the newest by publication, so one that is published again is new (§6.5.7)"
    )
    func newest() async throws {
        try await conversation(
            with: "news.verona.lit",
            published + asks("max_items='2'") + gets([3, 2])
                + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'>
                           <verse xmlns='urn:verse'>1</verse></publish>
                editor < <started xmlns='urn:test:inside' readers='0'/>

                """
                + asks("max_items='2'") + gets([1, 3]) + asks("max_items='9'") + gets([1, 3, 2])
        )
    }

    @Test(
        "items are fetched by id; those that exist come, and none is no error (§6.5.8, §6.5.9.12)"
    )
    func byID() async throws {
        try await conversation(
            with: "news.verona.lit",
            published + asks("", "<item id='2'/>") + gets([2])
                + asks("", "<item id='1'/><item id='7'/><item id='3'/>") + gets([3, 1])
                + asks("", "<item id='7'/>") + gets([])
        )
    }

    @Test("items come in pages, forwards and backwards (XEP-0059 §2)")
    func pages() async throws {
        try await conversation(
            with: "news.verona.lit",
            published
                + asks(set: "<max>2</max>")
                + gets([3, 2], set: "<first index='0'>3</first><last>2</last><count>3</count>")
                + asks(set: "<max>2</max><after>2</after>")
                + gets([1], set: "<first index='2'>1</first><last>1</last><count>3</count>")
                + asks(set: "<max>2</max><before/>")
                + gets([2, 1], set: "<first index='1'>2</first><last>1</last><count>3</count>")
                + asks(set: "<max>1</max><before>1</before>")
                + gets([2], set: "<first index='1'>2</first><last>2</last><count>3</count>")
                + asks(set: "<max>1</max><index>1</index>")
                + gets([2], set: "<first index='1'>2</first><last>2</last><count>3</count>")
                + asks(set: "<max>0</max>") + gets([], set: "<count>3</count>")
                + asks(set: "<max>5</max><after>1</after>") + gets([], set: "<count>3</count>")
                + asks(set: "<max>2</max><after>7</after>")
                + isRefused("cancel", "item-not-found")
        )
    }

    @Test("what does not fit into an answer is left to a further page, and told (§6.5.4)")
    func large() async throws {
        let stage = try await Stage(settings: PubSubSettings(maximumAnswerSize: 200))
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            published + asks()
                + gets([3, 2], set: "<first index='0'>3</first><last>2</last><count>3</count>")
                + asks(set: "<before/>")
                + gets([2, 1], set: "<first index='1'>2</first><last>1</last><count>3</count>")
        )
        let named = [1, 7, 3, 2].map { "<item id='\($0)'/>" }.joined()
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            asks("", named)
                + gets([3, 2], set: "<first index='0'>3</first><last>2</last><count>3</count>")
                + asks("", named, set: "<after>2</after>")
                + gets([1], set: "<first index='2'>1</first><last>1</last><count>3</count>")
                + asks("", "<item id='1'/><item id='2'/>") + gets([2, 1])
        )
        let tight = try await Stage(settings: PubSubSettings(maximumAnswerSize: 1))
        try await conversation(
            with: "news.verona.lit",
            on: tight,
            published + asks("max_items='1'") + gets([3])
                + asks("", "<item id='1'/><item id='2'/>")
                + gets([2], set: "<first index='0'>2</first><last>2</last><count>2</count>")
        )
    }

    @Test("mistakes have the errors of their sections (§6.5.9)")
    func errors() async throws {
        try await conversation(
            with: "news.verona.lit",
            asks("max_items='0'") + isRefused("modify", "bad-request")
                + asks("max_items='all'") + isRefused("modify", "bad-request")
                + asks("subid='x'") + isRefused("modify", "not-acceptable", "invalid-subid")
                + asks("", "<item/>") + isRefused("modify", "bad-request", "item-required")
                + asks("", "<item id='\(String(repeating: "x", count: 1_024))'/>")
                + isRefused("modify", "policy-violation")
                    + """
                    romeo > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                              <items/></pubsub></iq>

                    """ + isRefused("modify", "bad-request", "nodeid-required")
        )
    }
}
