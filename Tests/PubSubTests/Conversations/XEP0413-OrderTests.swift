import Testing

@Suite("XEP-0413: the order of items")
struct OrderTests {
    private static let items =
        Lines.created("sonnet")
        + ["1", "2", "3", "1"].map { id in
            PublishRequestTests.publishes("juliet", PublishRequestTests.item(id))
                + PublishRequestTests.published("juliet", id)
        }
        .joined()

    private static func ids(_ ids: String) -> String {
        let items = ids.map { id in
            """
            <item id='\(id)' publisher='juliet@verona.lit'><verse xmlns='urn:verse'/></item>
            """
        }
        return "<items node='sonnet'>\(items.joined())</items>"
    }

    private static func order(_ attributes: String) -> String {
        "<order xmlns='urn:xmpp:order-by:1' \(attributes)/>"
    }

    @Test(
        "items come by creation or modification, ascending unless said otherwise",
        arguments: [
            ("by='creation'", "123"), ("by='creation' desc='true'", "321"),
            ("by='modification'", "231"), ("by='modification' desc='1'", "132"),
        ]
    )
    func orders(attributes: String, ids: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.items
                + Lines.get("romeo", "<items node='sonnet'/>" + Self.order(attributes))
                + Lines.result("romeo", Self.ids(ids))
                + Lines.get(
                    "romeo",
                    "<items node='sonnet' max_items='2'/>" + Self.order(attributes)
                )
                + Lines.result("romeo", Self.ids(String(ids.prefix(2))))
        )
    }

    @Test("pages follow the order (XEP-0059)")
    func pages() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.items
                + Lines.get(
                    "romeo",
                    """
                    <items node='sonnet'/>\(Self.order("by='creation'"))
                    <set xmlns='http://jabber.org/protocol/rsm'><max>1</max><after>1</after></set>
                    """
                )
                + Lines.result(
                    "romeo",
                    Self.ids("2")
                        + """
                        <set xmlns='http://jabber.org/protocol/rsm'>
                          <first index='1'>2</first><last>2</last><count>3</count></set>
                        """
                )
        )
    }

    @Test("another order is not offered")
    func unknown() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.items
                + Lines.get("romeo", "<items node='sonnet'/>" + Self.order("by='{urn:x}colour'"))
                + Lines.refused("romeo", "cancel", "feature-not-implemented")
        )
    }
}
