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

    @Test(
        "a stanza whose tag came in two parts is there with its last byte too",
        arguments: [10, 1000, 4000, 5000, 100_000]
    )
    func lastByteOfLongTag(size: Int) throws {
        // Expat since 2.6.0, and Debian's updated 2.5.0, would wait for as much again.
        let parser = Parser()
        let text = String(repeating: "x", count: size)
        #expect(try parser.parse("<s xmlns='x'><m k='\(text)".utf8).count == 1)
        #expect(try parser.parse("'/".utf8).isEmpty)
        #expect(
            try parser.parse(">".utf8) == [.element(Element("m", in: "x", ["k": text]))]
        )
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

    @Test("a stanza whose start tag alone is over the limit is still reported, to be answered")
    func oversizedStartTag() throws {
        let parser = Parser(limits: ParserLimits(maximumStanzaSize: 40, maximumDepth: 4))
        _ = try parser.parse("<s xmlns='x'>".utf8)
        let id = String(repeating: "i", count: 50)
        let stanza = "<iq id='\(id)'><a/>text</iq>"
        #expect(
            try parser.parse((stanza + "<iq/>").utf8) == [
                .skipped(Element("iq", in: "x", ["id": id]), size: stanza.utf8.count),
                .element(Element("iq", in: "x")),
            ]
        )
    }

    @Test("a stanza of exactly the limit arrives, one byte more is skipped", arguments: [0, 1])
    func limit(excess: Int) throws {
        let stanza = "<message><body>hello</body></message>"
        let limits = ParserLimits(maximumStanzaSize: stanza.utf8.count - excess, maximumDepth: 4)
        let parser = Parser(limits: limits)
        _ = try parser.parse("<s xmlns='x'>".utf8)
        let whole = Element("message", in: "x") { Element("body") { "hello" } }
        let events = try stanza.utf8.flatMap { try parser.parse(CollectionOfOne($0)) }
        #expect(
            events == [
                excess == 0
                    ? .element(whole)
                    : .skipped(Element("message", in: "x"), size: stanza.utf8.count)
            ]
        )
    }

    @Test("a text with entities, CDATA and line ends is one text")
    func oneText() throws {
        let element = try Element(xml: "<a>1 &lt; 2\r\n&#x1F4F0;<![CDATA[<b>]]>&amp;</a>")
        #expect(element.children == [.text("1 < 2\n\u{1F4F0}<b>&")])
    }

    @Test("attributes keep their namespaces, and prefixes vanish")
    func attributes() throws {
        let element = try Element(
            xml: "<a xmlns:p='urn:p' p:k='1' k='2' xml:base='/b' xml:lang='fr' q=''/>"
        )
        #expect(
            element.attributes == [
                AttributeName("k", in: "urn:p"): "1", "k": "2",
                AttributeName("base", in: .xml): "/b", .xmlLang: "fr", "q": "",
            ]
        )
        #expect(element.attributes.map(\.name.local) == ["k", "k", "base", "lang", "q"])
        #expect(element.attributes.first?.name.namespace == "urn:p")
    }

    @Test("neighbours of different namespaces keep their own")
    func neighbours() throws {
        let element = try Element(
            xml: """
                <a xmlns='urn:ab'><b xmlns='urn:a'/><b xmlns='urn:abc'/><b/>\
                <p:b xmlns:p='urn:p'><b/></p:b><b xmlns=''/></a>
                """
        )
        #expect(
            element.elements.map(\.namespace) == [
                "urn:a", "urn:abc", "urn:ab", "urn:p", Namespace.none,
            ]
        )
        #expect(element.child("b", in: "urn:p")?.child("b", in: "urn:ab") != nil)
    }

    @Test("what was complete before an error is handed out, and the parser stays failed")
    func afterError() throws {
        let parser = Parser()
        var events: [Parser.Event] = []
        let bytes = Array("<s><iq/><a></b>".utf8)
        #expect(throws: ParserError.self) {
            try bytes.withUnsafeBytes { try parser.parse($0, into: &events) }
        }
        #expect(events.count == 2)
        #expect(throws: ParserError.self) { try parser.parse("<iq/>".utf8) }
    }

    @Test("white space and words between stanzas are not part of any")
    func betweenStanzas() throws {
        let events = try Parser().parse("<s> <a>x</a>\n words <b/></s>".utf8)
        #expect(
            events == [
                .opened(Element("s", in: Namespace.none)),
                .element(Element("a", in: Namespace.none) { "x" }),
                .element(Element("b", in: Namespace.none)),
                .closed,
            ]
        )
    }

    @Test(
        "a document that is not exactly one element is refused",
        arguments: ["", " ", "<a/><b/>"]
    )
    func oneElement(xml: String) {
        #expect(throws: ParserError.self) { try Element(xml: xml) }
    }

    @Test("a document that breaks off or is damaged at any byte ends in events or an error")
    func damaged() throws {
        let document = Array(
            "<s xmlns='x'><a k='v'>t&amp;<b xmlns='y'/><![CDATA[c]]></a><iq/></s>".utf8
        )
        var failures = 0
        for index in document.indices {
            for byte in [UInt8(ascii: "<"), UInt8(ascii: "'"), 0, 0xFF] {
                var damaged = document
                damaged[index] = byte
                let parser = Parser()
                do { _ = try parser.parse(damaged) } catch { failures += 1 }
            }
            // A parser that is dropped in the middle must free what it holds.
            _ = try Parser().parse(document[..<index])
        }
        #expect(failures > document.count)
    }
}
