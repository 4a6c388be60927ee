import Testing
import XMPP

@Suite("Addresses")
struct JIDTests {
    /// An address, and the parts it must come to.
    struct Sample: Sendable, CustomTestStringConvertible {
        let text: String
        let parts: [String?]

        init(_ text: String, _ local: String?, _ domain: String, _ resource: String?) {
            self.text = text
            parts = [local, domain, resource]
        }

        var testDescription: String { text }
    }

    @Test(
        "the addresses of RFC 7622 §3.5, table 1, are addresses",
        arguments: [
            Sample("juliet@example.com", "juliet", "example.com", nil),
            Sample("juliet@example.com/foo", "juliet", "example.com", "foo"),
            Sample("juliet@example.com/foo bar", "juliet", "example.com", "foo bar"),
            Sample("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"),
            Sample(#"foo\20bar@example.com"#, #"foo\20bar"#, "example.com", nil),
            Sample("fussball@example.com", "fussball", "example.com", nil),
            Sample("fu\u{DF}ball@example.com", "fu\u{DF}ball", "example.com", nil),
            Sample("\u{3C0}@example.com", "\u{3C0}", "example.com", nil),
            Sample("\u{3A3}@example.com/foo", "\u{3C3}", "example.com", "foo"),
            Sample("\u{3C3}@example.com/foo", "\u{3C3}", "example.com", "foo"),
            Sample("\u{3C2}@example.com/foo", "\u{3C2}", "example.com", "foo"),
            Sample("king@example.com/\u{265A}", "king", "example.com", "\u{265A}"),
            Sample("example.com", nil, "example.com", nil),
            Sample("example.com/foobar", nil, "example.com", "foobar"),
            Sample("a.example.com/b@example.net", nil, "a.example.com", "b@example.net"),
            // In table 2, but by mistake: OpaqueString allows the space (RFC erratum 4560).
            Sample("juliet@example.com/ foo", "juliet", "example.com", " foo"),
        ]
    )
    func valid(sample: Sample) throws {
        let jid = try JID(sample.text)
        #expect([jid.localpart, jid.domainpart, jid.resourcepart] == sample.parts)
        #expect(try JID(jid.description) == jid)
    }

    @Test(
        "the texts of RFC 7622 §3.5, table 2, are none",
        arguments: [
            (#""juliet"@example.com"#, JIDError.disallowed(.localpart, "\"")),
            ("foo bar@example.com", .disallowed(.localpart, " ")),
            ("@example.com/", .empty(.localpart)),
            ("henry\u{2163}@example.com", .disallowed(.localpart, "\u{2163}")),
            ("\u{265A}@example.com", .disallowed(.localpart, "\u{265A}")),
            ("juliet@", .empty(.domainpart)),
            ("/foobar", .empty(.domainpart)),
        ]
    )
    func invalid(text: String, reason: JIDError) {
        #expect(throws: reason) { try JID(text) }
    }

    @Test("the first slash and the first at sign before it divide an address (RFC 7622 §3.1)")
    func separators() throws {
        #expect(throws: JIDError.notADomain("b@c", reason: "it may not contain '@'")) {
            try JID("a@b@c/d@e/f")
        }
        let jid = try JID("a@b/d@e/f")
        #expect(jid.localpart == "a")
        #expect(jid.domainpart == "b")
        #expect(jid.resourcepart == "d@e/f")
    }

    @Test(
        "no part may be empty",
        arguments: [
            "": JIDError.Part.domainpart, "@": .domainpart, "/": .domainpart, "a@": .domainpart,
            "@b": .localpart, "b/": .resourcepart, "a@b/": .resourcepart, "a@/c": .domainpart,
        ]
    )
    func empty(text: String, part: JIDError.Part) {
        #expect(throws: JIDError.empty(part)) { try JID(text) }
    }

    @Test("each part has at most 1023 bytes, counted in UTF-8")
    func lengths() throws {
        let ascii = String(repeating: "x", count: 1023)
        let accented = String(repeating: "é", count: 511)
        #expect(try JID(localpart: ascii, domainpart: "d").localpart == ascii)
        #expect(try JID(localpart: accented + "x", domainpart: "d").localpart?.utf8.count == 1023)
        #expect(try JID(domainpart: "d", resourcepart: ascii).resourcepart == ascii)
        for long in [ascii + "x", accented + "é"] {
            #expect(throws: JIDError.tooLong(.localpart)) {
                try JID(localpart: long, domainpart: "d")
            }
            #expect(throws: JIDError.tooLong(.resourcepart)) {
                try JID(domainpart: "d", resourcepart: long)
            }
        }
        let domain = Array(repeating: "abc", count: 256).joined(separator: ".")
        #expect(try JID(domain).domainpart.utf8.count == 1023)
        #expect(throws: JIDError.tooLong(.domainpart)) { try JID(domain + ".d") }
    }

    @Test("the length that counts is the one after preparation")
    func preparedLength() throws {
        let decomposed = String(repeating: "e\u{301}", count: 511)
        #expect(decomposed.utf8.count > 1023)
        #expect(try JID(localpart: decomposed, domainpart: "d").localpart?.utf8.count == 1022)
    }

    @Test("an A-label of letters that have their small ones since lately is read as it is written")
    func cherokee() throws {
        let jid = try JID("xn--bJul-bJulc")
        #expect(jid.domainpart == "b\u{13E5}\u{13E3}j\u{13E5}ul")
        #expect(try JID(jid.description) == jid)
    }

    @Test(
        "two spellings of one address are equal",
        arguments: [
            ("Juliet@Example.COM/Balcony", "juliet@example.com/Balcony"),
            ("a@xn--mnchen-3ya.example", "a@MÜNCHEN.example"),
            ("a@example.com.", "a@example.com"),
            ("a@[::1]/x", "a@[0:0:0:0:0:0:0:1]/x"),
            ("ｊｕｌｉｅｔ@example.com", "juliet@example.com"),
            ("e\u{301}@d/e\u{301}", "\u{E9}@d/\u{E9}"),
        ]
    )
    func spellings(one: String, other: String) throws {
        #expect(try JID(one) == JID(other))
        // By scalars too: strings compare equal whatever their normalization.
        #expect(
            try Array(JID(one).description.unicodeScalars)
                == Array(JID(other).description.unicodeScalars)
        )
    }

    @Test("the case of a resource matters")
    func resourceCase() throws {
        #expect(try JID("a@b/Desk") != JID("a@b/desk"))
    }

    @Test("an address yields its bare form, its domain, and others with a resource")
    func forms() throws {
        let jid = try JID("juliet@example.com/balcony")
        #expect(jid.bare.description == "juliet@example.com")
        #expect(jid.domain.description == "example.com")
        #expect(jid.bare.isBare && !jid.isBare)
        #expect(try jid.with(resourcepart: "or chard").description == "juliet@example.com/or chard")
        #expect(throws: JIDError.empty(.resourcepart)) { try jid.with(resourcepart: "") }
    }

    @Test("an error is a sentence that names the part and the character")
    func words() {
        #expect(
            JIDError.disallowed(.localpart, "\u{2163}").description
                == "The localpart of the address may not contain U+2163."
        )
        #expect(
            JIDError.disallowed(.localpart, " ").description
                == "The localpart of the address may not contain U+0020."
        )
        #expect(
            JIDError.notADomain("a_b", reason: "it may not contain '_'").description
                == "'a_b' is not a domain name: it may not contain '_'."
        )
        #expect(
            JIDError.tooLong(.resourcepart).description
                == "The resourcepart of the address is longer than 1023 bytes."
        )
    }
}
