import Testing

@testable import XMPP

@Suite("Addresses that were prepared before")
struct PreparedJIDTests {
    @Test(
        "what was written is read as the same address",
        arguments: [
            "verona.lit", "romeo@verona.lit", "romeo@verona.lit/orchard", "verona.lit/a@b/c",
            "romeo@verona.lit/a/b@c", "müller@münchen.example/Ü",
        ]
    )
    func same(text: String) throws {
        let jid = try JID(text)
        #expect(JID(prepared: jid.description) == jid)
    }

    @Test("what can't be an address is none", arguments: ["", "@verona.lit", "romeo@", "/x"])
    func none(text: String) {
        #expect(JID(prepared: text) == nil)
    }
}
