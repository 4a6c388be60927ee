import Testing

@Suite("XEP-0465: public subscriptions")
struct PublicSubscriptionTests {
    static let listNode = "urn:xmpp:pps:subscribers:0/verse"

    private static func subscribes(_ person: String, publicly isPublic: Bool) -> String {
        let inner = isPublic ? "<public xmlns='urn:xmpp:pps:0'/>" : ""
        let jid = "\(person)@verona.lit"
        return Lines.set(person, "<subscribe node='verse' jid='\(jid)'>\(inner)</subscribe>")
            + Lines.result(
                person,
                """
                <subscription node='verse' jid='\(jid)' subscription='subscribed'>
                  <subscribe-options/></subscription>
                """
            )
    }

    private static func readers(_ people: String...) -> String {
        let items = people.map { person in
            """
            <item id='\(person)@verona.lit'>
              <subscriber xmlns='urn:xmpp:pps:0' jid='\(person)@verona.lit'/></item>
            """
        }
        return Lines.get("tybalt", "<items node='\(listNode)'/>")
            + Lines.result("tybalt", "<items node='\(listNode)'>\(items.joined())</items>")
    }

    @Test("only who says so is listed, until leaving or saying otherwise")
    func list() async throws {
        try await conversation(
            with: "news.verona.lit",
            Self.readers()
                + Self.subscribes("romeo", publicly: true)
                + Self.subscribes("nurse", publicly: false)
                + Self.subscribes("paris", publicly: true)
                + Self.readers("romeo", "paris")
                + Self.subscribes("romeo", publicly: false)
                + Self.subscribes("nurse", publicly: true)
                + Lines.set("paris", "<unsubscribe node='verse' jid='paris@verona.lit'/>")
                + Lines.done("paris")
                + Self.readers("nurse")
        )
    }

    @Test(
        "the list is the service's: nobody makes, fills or deletes it",
        arguments: [
            "<create node='\(listNode)'/>",
            "<publish node='\(listNode)'><item id='1'><a xmlns='urn:a'/></item></publish>",
            "<retract node='\(listNode)'><item id='1'/></retract>",
        ]
    )
    func forbidden(action: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.set("juliet", action) + Lines.refused("juliet", "auth", "forbidden")
                + Lines.ownerSets("juliet", "<delete node='\(Self.listNode)'/>")
                + Lines.refused("juliet", "auth", "forbidden")
                + Lines.ownerSets("juliet", "<purge node='\(Self.listNode)'/>")
                + Lines.refused("juliet", "auth", "forbidden")
        )
    }
}
