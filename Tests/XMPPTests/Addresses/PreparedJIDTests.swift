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

    @Test(
        "other spellings of an address come to the bytes of the one, in all its forms",
        arguments: [
            "Mu\u{308}ller@Mu\u{308}nchen.Example./U\u{308}",
            "MÜLLER@MÜNCHEN.EXAMPLE/\u{DC}",
            "müller@xn--mnchen-3ya.example/Ü",
        ]
    )
    func spellings(text: String) throws {
        let jid = try JID(text)
        let whole = "m\u{FC}ller@m\u{FC}nchen.example/\u{DC}"
        #expect(Array(jid.description.utf8) == Array(whole.utf8))
        #expect(Array(jid.bare.description.utf8) == Array(whole.utf8.dropLast(3)))
        #expect(jid.domain.description == "münchen.example")
        #expect(try jid == JID(whole))
        #expect(try jid.with(resourcepart: "a/b").description == "müller@münchen.example/a/b")
        #expect(try jid.domain.with(resourcepart: "a@b").resourcepart == "a@b")
    }
}
