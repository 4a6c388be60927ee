import Testing

@testable import Issues

@Suite struct AddressResolverTests {
    private let resolver = AddressResolver(
        base: "https://verona.example/",
        page: "https://verona.example/2026/03/dispatch/"
    )

    @Test(
        "every address is made absolute, in ASCII",
        arguments: [
            ("/images/a.png", "https://verona.example/images/a.png"),
            ("next/", "https://verona.example/2026/03/dispatch/next/"),
            ("../../02/x", "https://verona.example/2026/02/x"),
            ("../../../../../x", "https://verona.example/x"),
            ("?page=2", "https://verona.example/2026/03/dispatch/?page=2"),
            ("//cdn.example/x", "https://cdn.example/x"),
            ("hTtps://Mantua.example/A?b=C#d", "https://Mantua.example/A?b=C#d"),
            ("http://mantua.example", "http://mantua.example"),
            ("https://mantua.example:8443/x", "https://mantua.example:8443/x"),
            ("https://[2001:db8::1]:80/", "https://[2001:db8::1]:80/"),
            ("https://mantua.example/ä b", "https://mantua.example/%C3%A4%20b"),
            ("https://mantua.example/%C3%A4", "https://mantua.example/%C3%A4"),
            ("https://mantua.example/100%", "https://mantua.example/100%25"),
            (
                "https://mantua.example/\"<>`{}|\\^",
                "https://mantua.example/%22%3C%3E%60%7B%7D%7C%5C%5E"
            ),
            ("https://mantua.example/#März", "https://mantua.example/#M%C3%A4rz"),
            ("xmpp:room@muc.example?join", "xmpp:room@muc.example?join"),
            ("XMPP:jülich@example.org", "xmpp:j%C3%BClich@example.org"),
            ("mailto:friar@verona.example", "mailto:friar@verona.example"),
            ("java\nscript:x", "https://verona.example/2026/03/dispatch/java%20script:x"),
            ("page.html", "https://verona.example/2026/03/dispatch/page.html"),
            ("https://mantua.example/a#\u{301}b", "https://mantua.example/a#%CC%81b"),
            ("https://マリウス.example/x", "https://マリウス.example/x"),
        ]
    )
    func absolute(written: String, address: String) {
        #expect(resolver.resolve(written) == .address(address))
    }

    @Test("international hosts go through the encoder, and one it refuses is no address")
    func internationalHosts() {
        let resolver = AddressResolver(base: nil, page: nil) { host in
            host == "マリウス.com" ? "xn--gckvb8fzb.com" : nil
        }
        #expect(
            resolver.resolve("https://me@マリウス.com:81/ü")
                == .address("https://me@xn--gckvb8fzb.com:81/%C3%BC")
        )
        #expect(resolver.resolve("https://ß.example/") == .refused(.host("ß.example")))
    }

    @Test("a fragment is a place on the issue's own page")
    func fragments() {
        #expect(resolver.resolve("#licence") == .fragment("licence"))
        #expect(resolver.resolve("#ver%C3%B6ffentlicht") == .fragment("veröffentlicht"))
        #expect(LinkTarget.fragment("März").address(on: "https://a/") == "https://a/#M%C3%A4rz")
        #expect(LinkTarget.fragment("top").address(on: nil) == "#top")
    }

    @Test(
        "what can't be followed, or must not be, is refused",
        arguments: [
            ("javascript:alert(1)", .scheme("javascript")),
            ("JaVaScRiPt:alert(1)", .scheme("javascript")),
            ("data:text/html,x", .scheme("data")),
            ("file:///etc/passwd", .scheme("file")),
            ("ftp://x.example/", .scheme("ftp")),
            ("", .empty), (" ", .empty), ("#", .empty), ("mailto:", .empty),
            ("https://", .host("")), ("https:///x", .host("")), ("https://a b/", .host("a b")),
            ("https://a:x/", .host("a:x")),
            ("codeberg.example/slidge/x", .schemeMissing),
            ("www.verona.example", .schemeMissing),
        ] as [(String, AddressResolver.Refusal)]
    )
    func refused(written: String, refusal: AddressResolver.Refusal) {
        #expect(resolver.resolve(written) == .refused(refusal))
    }

    @Test("without a web site, relative addresses lead nowhere")
    func noSite() {
        let resolver = AddressResolver(base: nil, page: nil)
        #expect(resolver.resolve("/x") == .refused(.noSite))
        #expect(resolver.resolve("https://a.example/") == .address("https://a.example/"))
        #expect(resolver.resolve("#x") == .fragment("x"))
    }
}
