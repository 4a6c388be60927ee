import Testing
import XML

@Suite("Parser")
struct ParserTests {
    @Test("a chunk of any size gives the same events", arguments: [1, 2, 3, 7, 64, 4096])
    func chunks(size: Int) throws {
        let document = """
            <stream:stream xmlns='jabber:component:accept' \
            xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32'>
            <message to='a@b' xml:lang='de'><body>1 &lt; 2 &amp; ümläut\u{1F4F0}</body>\
            <x xmlns='urn:x'><y/>tail</x></message> <iq/></stream:stream>
            """
        let parser = Parser()
        var events: [Parser.Event] = []
        var rest = Array(document.utf8)[...]
        while !rest.isEmpty {
            events += try parser.parse(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        let accept: Namespace = "jabber:component:accept"
        #expect(
            events == [
                .opened(
                    Element(
                        "stream",
                        in: "http://etherx.jabber.org/streams",
                        ["id": "3BF96D32"]
                    )
                ),
                .element(
                    Element("message", in: accept, ["to": "a@b", .xmlLang: "de"]) {
                        Element("body") { "1 < 2 & ümläut\u{1F4F0}" }
                        Element("x", in: "urn:x") {
                            Element("y")
                            "tail"
                        }
                    }
                ),
                .element(Element("iq", in: accept)),
                .closed,
            ]
        )
    }

    @Test("a stanza is there with its last byte")
    func lastByte() throws {
        let parser = Parser()
        _ = try parser.parse("<s xmlns='x'>".utf8)
        let stanza = Array("<message to='someone'><body>hello</body></message>".utf8)
        for byte in stanza.dropLast() {
            #expect(try parser.parse(CollectionOfOne(byte)).isEmpty)
        }
        #expect(try parser.parse(stanza.suffix(1)).count == 1)
    }

    @Test("a stanza over the limit is skipped and counted, and the next one arrives")
    func oversized() throws {
        let parser = Parser(limits: ParserLimits(maximumStanzaSize: 100, maximumDepth: 4))
        _ = try parser.parse("<s xmlns='x'>".utf8)
        let long =
            "<message from='a@b' id='1'><body>" + String(repeating: "x", count: 200)
            + "<z/></body></message>"
        let events = try parser.parse((long + "<iq id='2'/>").utf8)
        #expect(
            events == [
                .skipped(
                    Element("message", in: "x", ["from": "a@b", "id": "1"]),
                    size: long.utf8.count
                ),
                .element(Element("iq", in: "x", ["id": "2"])),
            ]
        )
    }

    @Test("a stanza that is too deep is skipped too")
    func deep() throws {
        let parser = Parser(limits: ParserLimits(maximumDepth: 2))
        _ = try parser.parse("<s xmlns='x'>".utf8)
        let events = try parser.parse("<a><b><c/></b></a><a><b/></a>".utf8)
        #expect(
            events == [
                .skipped(Element("a", in: "x"), size: 18),
                .element(Element("a", in: "x") { Element("b") }),
            ]
        )
    }

    @Test(
        "what XMPP forbids ends the stream (RFC 6120 §11.1)",
        arguments: [
            "<!-- comment -->": "a comment",
            "<?pi data?>": "a processing instruction",
        ]
    )
    func restricted(markup: String, what: String) throws {
        let parser = Parser()
        _ = try parser.parse("<s>".utf8)
        #expect(throws: ParserError.restricted(what: what, line: 1)) {
            try parser.parse(markup.utf8)
        }
    }

    @Test("entity tricks end at the document type declaration")
    func doctype() throws {
        #expect(throws: ParserError.restricted(what: "a document type declaration", line: 1)) {
            try Parser().parse("<!DOCTYPE s [<!ENTITY a 'b'>]><s>&a;</s>".utf8)
        }
    }

    @Test("bad nesting is an error with its place")
    func nesting() {
        #expect(
            throws: ParserError.notWellFormed(reason: "mismatched tag", line: 1, column: 9)
        ) {
            try Parser().parse("<a><b></a>".utf8)
        }
    }

    @Test("invalid UTF-8 is an error")
    func invalidUTF8() {
        #expect(throws: ParserError.self) {
            try Parser().parse([0x3C, 0x61, 0x3E, 0xC0, 0x80])
        }
    }
}
