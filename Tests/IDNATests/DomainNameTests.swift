import IDNA
import Testing

@Suite("Domain names")
struct DomainNameTests {
    @Test(
        "the prepared form is the one people read",
        arguments: [
            "example.com": "example.com",
            "Example.COM": "example.com",
            "example.com.": "example.com",
            "localhost": "localhost",
            "xn--mnchen-3ya.example": "münchen.example",
            "XN--MNCHEN-3YA.example": "münchen.example",
            "MÜNCHEN.example": "münchen.example",
            "mu\u{308}nchen.example": "münchen.example",
            "fußball.example": "fußball.example",
            "xn--fuball-cta.example": "fußball.example",
            "ｅｘａｍｐｌｅ．ｃｏｍ": "example.com",
            "пример.рф": "пример.рф",
            "ПРИМЕР.РФ": "пример.рф",
            "דוגמה.example": "דוגמה.example",
            "xn--hbevexe.example": "\u{13D9}\u{13CE}\u{13E1}\u{13E0}\u{13DA}.example",
            "\u{ABA9}\u{AB9E}x.example": "\u{13D9}\u{13CE}x.example",
            "192.0.2.7": "192.0.2.7",
            "[::1]": "[::1]",
            "[2001:DB8:0:0::0:1]": "[2001:db8::1]",
            "r3---sn.example": "r3---sn.example",
            "3com.example": "3com.example",
        ]
    )
    func prepared(name: String, expected: String) throws {
        #expect(try DomainName.prepare(name) == expected)
        #expect(try DomainName.prepare(expected) == expected)
    }

    @Test(
        "what is no domain name is refused",
        arguments: [
            "", ".", "..", "a..b", ".example.com", "example.com..", "-a.example", "a-.example",
            "under_score.example", "a b", "a@b", "a/b", "a\u{0}b", "é_a.example", "a\u{0}é",
            "xn--", "xn--zzzzzz99999999", "♚.example", "a\u{200D}b.example", "\u{0301}a.example",
            "אa.example", "[::1", "[::g]", "[fe80::1%25eth0]", "[]", "[::1]x", "[::1\u{0}]",
            "[192.0.2.7]", "ⅳ.example", "a。b＿c",
        ]
    )
    func refused(name: String) {
        #expect(throws: DomainNameError.self) { try DomainName.prepare(name) }
    }

    @Test("a label has at most 63 bytes on the wire")
    func length() throws {
        let longest = String(repeating: "a", count: 63)
        #expect(try DomainName.prepare(longest + ".example") == longest + ".example")
        #expect(throws: DomainNameError.self) { try DomainName.prepare(longest + "a.example") }
        #expect(throws: DomainNameError.self) { try DomainName.prepare("é" + longest) }
    }

    @Test("an error says what is wrong with the name, and quotes all of it")
    func reasons() {
        let underscore = #expect(throws: DomainNameError.self) {
            try DomainName.prepare("news.a_b.example")
        }
        #expect(
            underscore?.description
                == "'news.a_b.example' is not a domain name: it may not contain '_'."
        )
        let chess = #expect(throws: DomainNameError.self) { try DomainName.prepare("♚.example") }
        #expect(
            chess?.description
                == "'♚.example' is not a domain name: string contains a disallowed character."
        )
        let space = #expect(throws: DomainNameError.self) { try DomainName.prepare("a b") }
        #expect(space?.reason == "it may not contain U+0020")
    }

    @Test(
        "a web address gets the name the DNS knows",
        arguments: [
            "Example.COM": "example.com",
            "münchen.example": "xn--mnchen-3ya.example",
            "MÜNCHEN.example": "xn--mnchen-3ya.example",
            "xn--mnchen-3ya.example": "xn--mnchen-3ya.example",
            "fußball.example": "xn--fuball-cta.example",
            "my_host.example": "my_host.example",
            "localhost": "localhost",
            "日本語。jp": "xn--wgv71a119e.jp",
            "[2001:DB8::1]": "[2001:db8::1]",
            "192.0.2.7": "192.0.2.7",
        ]
    )
    func ascii(host: String, expected: String) throws {
        #expect(try DomainName.toASCII(host) == expected)
    }

    @Test(
        "what would end the host of a web address is refused in it",
        arguments: ["", "a b", "a/b", "a@b", "a:80", "a\u{0}b", "a?b", "a%62", "ex\u{FFFE}"]
    )
    func unsafeHosts(host: String) {
        #expect(throws: DomainNameError.self) { try DomainName.toASCII(host) }
    }

    @Test("a name that is prepared is not changed by preparing it again")
    func idempotence() throws {
        var accepted = 0
        // Every letter up to the Japanese ones, alone and between others.
        for value in UInt32(0x80)..<0x3100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for name in ["\(scalar)", "a\(scalar)é.example"] {
                guard let once = try? DomainName.prepare(name) else { continue }
                accepted += 1
                let twice = try DomainName.prepare(once)
                #expect(Array(twice.unicodeScalars) == Array(once.unicodeScalars))
                #expect(try DomainName.prepare(DomainName.toASCII(once)) == once)
            }
        }
        #expect(accepted > 5000)
    }
}
