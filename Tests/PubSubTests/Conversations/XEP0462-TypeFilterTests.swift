import Testing

@Suite("XEP-0462: nodes of some types")
struct TypeFilterTests {
    private static func field(_ name: String, _ values: String...) -> String {
        let values = values.map { "<value>\($0)</value>" }.joined()
        return "<field var='\(name)'>\(values)</field>"
    }

    private static func asks(_ fields: String) -> String {
        """
        romeo > <iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#items'>
          <filter xmlns='urn:xmpp:pubsub-filter:0'><x xmlns='jabber:x:data' type='submit'>
            \(fields)</x></filter></query></iq>

        """
    }

    @Test(
        "only nodes of the types included come, or all but those excluded; the empty one is none",
        arguments: [
            (field("included-types", "urn:song"), ["ballad"]),
            (field("included-types", "urn:song", ""), ["ballad", "sonnet"]),
            (field("excluded-types", "urn:song", "urn:xmpp:pubsub-social-feed:1"), ["sonnet"]),
            (field("excluded-types"), ["ballad", "verse"]),
            ("", ["ballad", "sonnet", "verse"]),
        ]
    )
    func filter(fields: String, nodes: [String]) async throws {
        let entries = nodes.map { node in
            let name = node == "verse" ? " name='Verse'" : ""
            return "<item jid='news.verona.lit' node='\(node)'\(name)/>"
        }
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet") + Lines.created("ballad", ["type": "urn:song"])
                + Self.asks(fields)
                    + """
                    romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'>\(entries.joined())</query>
                      </iq>
                    """
        )
    }

    @Test("including and excluding at once is refused")
    func both() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.asks(Self.field("included-types", "a") + Self.field("excluded-types", "b"))
                + Lines.refused("romeo", "modify", "bad-request")
        )
    }
}
