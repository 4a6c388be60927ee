import Testing
import XML

@Suite("Parser limits")
struct LimitTests {
    private static let limits = ParserLimits(
        maximumStanzaSize: 200,
        maximumDepth: 4,
        maximumAttributes: 3,
        maximumNameLength: 10,
        maximumHeaderSize: 100
    )

    /// The events of the stanzas, in chunks of any size; they are the same for each.
    private func events(
        of stanzas: String,
        _ limits: ParserLimits = Self.limits
    ) throws -> [Parser.Event] {
        let document = Array("<s xmlns='x'>\(stanzas)<end/>".utf8)
        let all = try Parser(limits: limits, gatheringFrom: 16).parse(document)
        for size in [1, 2, 3, 5, 17, 100] {
            let parser = Parser(limits: limits, gatheringFrom: 16)
            var pieces: [Parser.Event] = []
            for start in stride(from: 0, to: document.count, by: size) {
                pieces += try parser.parse(document[start...].prefix(size))
            }
            #expect(pieces == all, "in chunks of \(size)")
        }
        #expect(all.first == .opened(Element("s", in: "x")))
        #expect(all.last == .element(Element("end", in: "x")))
        return all.dropFirst().dropLast()
    }

    @Test(
        "a stanza over a limit is skipped, counted, and can be answered; the next one arrives",
        arguments: [
            "<body>" + String(repeating: "x", count: 200) + "</body>",
            "<body k='" + String(repeating: "x", count: 200) + "'/>",
            "<body k=\"" + String(repeating: "/>'", count: 70) + "\"><b/></body>",
            "<body" + String(repeating: " ", count: 200) + "/>",
            "<body></body" + String(repeating: " ", count: 200) + ">",
            "<body><![CDATA[" + String(repeating: "</m>]]&gt;<", count: 20) + "]]]]></body>",
            "<body><![CDATA[" + String(repeating: "]", count: 200) + "]]x></m>]]]></body>",
            "<body>" + String(repeating: "]", count: 200) + "</body>",
            "<body>&#" + String(repeating: "0", count: 200) + "65;</body>",
            String(repeating: "<b>", count: 40) + String(repeating: "</b>", count: 40),
            "<b><b><b><b/></b></b></b>",
            "<b a='' b='' c='' d=''/>",
            "<bbbbbbbbbbb/>",
            "<b aaaaaaaaaaa=''/>",
            "<b xmlns:p='urn:p' p:aaaaaaaaaaa=''/>",
        ]
    )
    func skipped(content: String) throws {
        let stanza = "<m from='a@b' id='1'>\(content)</m>"
        let envelope = Element("m", in: "x", ["from": "a@b", "id": "1"])
        #expect(
            try events(of: stanza + stanza + "<m/>") == [
                .skipped(envelope, size: stanza.utf8.count),
                .skipped(envelope, size: stanza.utf8.count),
                .element(Element("m", in: "x")),
            ]
        )
    }

    @Test(
        "what is just within the limits arrives",
        arguments: [
            "<b><b><b/></b></b>", "<b a='' b='' c=''/>", "<bbbbbbbbbb/>", "<b aaaaaaaaaa=''/>",
            "<b xmlns:p='urn:a:very:long:name:indeed' p:aaaaaaaaaa='' p:b='' xml:lang=''/>",
            "<b>" + String(repeating: "x", count: 200 - 14) + "</b>",
            "<b k='" + String(repeating: "x", count: 200 - 17) + "'/>",
        ]
    )
    func within(content: String) throws {
        let events = try events(of: "<m>\(content)</m>")
        guard case .element(let element)? = events.first else {
            Testing.Issue.record("not whole: \(events)")
            return
        }
        #expect(element.children.count == 1)
    }

    @Test("a stanza of its start tag alone keeps what its answer needs, in any order")
    func longStartTag() throws {
        let long = String(repeating: "x", count: EnvelopeSizes.attribute + 1)
        let tags = [
            "<m from='a@b' junk='\(long)' id='1'",
            "<m junk=\"\(long)'/>\" from='a@b' id='1' more='\(long)' ",
            "<m from='a@b' id='1' \(long)='' ",
            "<m from='a@b' id='1'" + long.map { _ in " " }.joined(),
        ]
        let envelope = Element("m", in: "x", ["from": "a@b", "id": "1"])
        for tag in tags {
            for stanza in [tag + "/>", tag + "></m>", tag + "><b>text</b>&amp;</m>"] {
                #expect(
                    try events(of: stanza) == [.skipped(envelope, size: stanza.utf8.count)]
                )
            }
        }
    }

    @Test("an attribute whose prefix may be undeclared is left out of the envelope")
    func prefixes() throws {
        let long = String(repeating: "x", count: EnvelopeSizes.attribute + 1)
        let stanza = "<m xmlns:p='\(long)' p:k='1' xml:lang='fr' id='1'/>"
        #expect(
            try events(of: stanza) == [
                .skipped(
                    Element("m", in: "x", [.xmlLang: "fr", "id": "1"]),
                    size: stanza.utf8.count
                )
            ]
        )
        let prefixed = "<p:m xmlns:p='y' k='\(long)'/>"
        #expect(
            try events(of: prefixed) == [
                .skipped(Element("m", in: "y"), size: prefixed.utf8.count)
            ]
        )
    }

    @Test("a depth of none takes stanzas without children only")
    func noDepth() throws {
        let limits = ParserLimits(maximumDepth: 1)
        #expect(
            try events(of: "<m>text</m><m><b/></m>", limits) == [
                .element(Element("m", in: "x") { "text" }),
                .skipped(Element("m", in: "x"), size: 11),
            ]
        )
    }

    @Test("a stream header over its limit is an error, however it comes")
    func longHeader() throws {
        let header = "<?xml version='1.0'?>  <s k='"
        let filler = String(repeating: "x", count: 100 - header.utf8.count - 2)
        let spaces = String(repeating: " \n", count: 500)
        for chunk in [1, 7, 1000] {
            let fitting = Array("\(header)\(filler)'>".utf8)
            #expect(fitting.count == 100)
            #expect(try feed(fitting, by: chunk).count == 1)
            #expect(throws: ParserError.self) {
                try feed(Array("\(header)x\(filler)'>".utf8), by: chunk)
            }
            #expect(try feed(Array("\(spaces)<s k='\(filler)'>".utf8), by: chunk).count == 1)
        }
    }

    private func feed(_ bytes: [UInt8], by size: Int) throws -> [Parser.Event] {
        let parser = Parser(limits: Self.limits)
        return try stride(from: 0, to: bytes.count, by: size).flatMap { start in
            try parser.parse(bytes[start...].prefix(size))
        }
    }

    @Test(
        "what can't be skipped as a stanza is refused at a bound",
        arguments: ["</s": " ", "&#": "0", "<m><": "!"]
    )
    func unskippable(start: String, endless: String) throws {
        let parser = Parser(limits: Self.limits, gatheringFrom: 16)
        _ = try parser.parse("<s>\(start)".utf8)
        var count = 0
        var events: [Parser.Event] = []
        #expect(throws: ParserError.self) {
            while count < 100_000 {
                count += 1
                events += try parser.parse(endless.utf8)
            }
        }
        #expect(count <= 200)
        #expect(events.isEmpty)
    }

    @Test("a stanza that has hardly more than a name can't be answered")
    func endlessName() throws {
        let parser = Parser(limits: Self.limits, gatheringFrom: 16)
        let name = String(repeating: "m", count: EnvelopeSizes.attribute + 1)
        #expect(try parser.parse("<s><\(name)".utf8).count == 1)
        #expect(throws: ParserError.self) { try parser.parse("/>".utf8) }
    }

    @Test(
        "what XMPP forbids is refused at once, and in what is skipped too (RFC 6120 §11.1)",
        arguments: [
            "<!--": "a comment", "<?": "a processing instruction",
        ]
    )
    func restricted(markup: String, what: String) throws {
        let long = String(repeating: "x", count: 300)
        for prefix in ["<m>\(long)", "<m><b>\(long)", "<m k='\(long)'>", ""] {
            let parser = Parser(limits: Self.limits, gatheringFrom: 16)
            _ = try parser.parse("<s>\(prefix)".utf8)
            #expect(throws: ParserError.restricted(what: what, line: 1)) {
                _ = try parser.parse("\(markup)p \(long)".utf8)
                if prefix.isEmpty { _ = try parser.parse("?>".utf8) }
            }
            #expect(throws: ParserError.ended) { try parser.parse("-->".utf8) }
        }
    }

    @Test("after many stanzas namespaces and prefixes of the header still hold")
    func renewed() throws {
        let parser = Parser()
        var events = try parser.parse(
            "<?xml version='1.0' encoding='utf-8'?> <p:s xmlns='x' xmlns:p='y' xml:lang='de'>".utf8
        )
        let text = String(repeating: "t", count: 60_000)
        for number in 0..<60 {
            events += try parser.parse("<m\(number)>\(text)</m\(number)><p:m/>".utf8)
        }
        events += try parser.parse("</p:s> \n".utf8)
        #expect(events.count == 122)
        #expect(events[119] == .element(Element("m59", in: "x") { text }))
        #expect(events[120] == .element(Element("m", in: "y")))
        #expect(events[121] == .closed)
        #expect(throws: ParserError.ended) { try parser.parse("<m/>".utf8) }
    }
}

/// Sizes of the envelope that tests have to pass.
enum EnvelopeSizes {
    static let attribute = 3071 * 6
}
