import Testing
import XML

@Suite("What a stream may not hold")
struct RefusedTests {
    /// The error, which is the same for the bytes at once and one by one.
    private func error(_ bytes: [UInt8]) throws -> ParserError {
        let whole = try #require(throws: ParserError.self) { try Parser().parse(bytes) }
        let parser = Parser()
        let single = try #require(throws: ParserError.self) {
            for byte in bytes {
                _ = try parser.parse(CollectionOfOne(byte))
            }
        }
        #expect(whole == single)
        return whole
    }

    @Test(
        "what is not well-formed is called so, in a stanza and elsewhere (RFC 6120 §4.9.3.13)",
        arguments: [
            "<a/>": [], "<p:m/>": [], "<m p:a=''/>": [], "<m xmlns:p='' p:a=''/>": [],
            "<m xmlns:xml='urn:x'/>": [], "<m xmlns:xmlns='urn:x'/>": [],
            "<m a='' a=''/>": [], "<m xmlns:p='u' xmlns:q='u' p:a='' q:a=''/>": [],
            "<m></n>": [], "<m": [0x00], "<m a=b/>": [], "<m a='<'/>": [], "<1/>": [],
            "<m>]]></m>": [], "<m>&;</m>": [], "<m>& </m>": [], "<?xml version='1.0'?>": [],
            "<m>&#0;</m>": [], "<m>&#x1;</m>": [], "<m>&#xD800;</m>": [], "<m>&#xFFFE;</m>": [],
            "<m>&#xFFFF;</m>": [], "<m>&#x110000;</m>": [], "<m a='&#8;'/>": [],
            "<m>\u{1}": [], "<m>\u{FFFE}": [], "<m>\u{FFFF}": [],
            "<m>": [0x80], "<m>\u{20}": [0xC0, 0x80], "<m>2": [0xC1, 0xBF],
            "<m>3": [0xE0, 0x9F, 0xBF], "<m>4": [0xED, 0xA0, 0x80],
            "<m>5": [0xF0, 0x8F, 0xBF, 0xBF],
            "<m>6": [0xF4, 0x90, 0x80, 0x80], "<m>7": [0xFF], "<m>8": [0xE2, 0x82, 0x20],
            "<m a='": [0xC0, 0x80], "<": [0xC0, 0x80, 0x3E],
        ]
    )
    func malformed(text: String, bytes: [UInt8]) throws {
        // An end tag that closes nothing stands for the one case that needs no damage.
        let stanza = text == "<a/>" ? "</m>" : text
        let error = try error(Array("<s>\(stanza)".utf8) + bytes + Array("/></m>".utf8))
        guard case .notWellFormed = error else {
            Testing.Issue.record("\(error)")
            return
        }
        #expect(error.description.hasPrefix("The XML is not well-formed: "))
    }

    @Test(
        "entities other than XML's five are refused (RFC 6120 §11.1)",
        arguments: ["<m>&nbsp;</m>", "<m a='&e;'/>"]
    )
    func entities(stanza: String) throws {
        #expect(
            try error(Array("<s>\(stanza)".utf8))
                == .restricted(what: "a reference to an entity of its own", line: 1)
        )
    }

    @Test("XML's own five entities are no such thing")
    func predefined() throws {
        #expect(try Element(xml: "<m>&lt;&gt;&amp;&apos;&quot;</m>").text == "<>&'\"")
    }

    @Test(
        "document types, comments and instructions are refused before the root too",
        arguments: [
            "<!DOCTYPE s>": "a document type declaration",
            "<!DOCTYPE s [<!ENTITY a 'b'>]>": "a document type declaration",
            "<!DOCTYPE s SYSTEM 'file:///etc/passwd'>": "a document type declaration",
            "<!-- c -->": "a comment", "<?xml version='1.0'?><!-- c -->": "a comment",
            "<?style sheet?>": "a processing instruction",
        ]
    )
    func beforeRoot(markup: String, what: String) throws {
        #expect(try error(Array("\(markup)<s>".utf8)) == .restricted(what: what, line: 1))
    }

    @Test("UTF-8 may be declared, whatever its case", arguments: ["UTF-8", "utf-8", "Utf-8"])
    func declared(name: String) throws {
        let header = "<?xml version='1.0' encoding=\"\(name)\"?><s>"
        #expect(try Parser().parse(header.utf8).count == 1)
    }

    @Test(
        "other encodings are refused, declared or found (RFC 6120 §11.6)",
        arguments: ["latin1", "ISO-8859-1", "UTF-16", "US-ASCII", "x-unknown"]
    )
    func encodings(name: String) throws {
        let header = "<?xml version='1.0' encoding='\(name)'?><s>"
        let error = try error(Array(header.utf8))
        #expect(error == .unsupportedEncoding(name))
    }

    @Test("UTF-16 and byte order marks are refused with the first bytes")
    func byteOrderMarks() throws {
        let text = Array("<s>".utf8)
        let wide: [UInt8] = text.flatMap { byte -> [UInt8] in [byte, 0] }
        let documents: [[UInt8]] = [
            [0xFF, 0xFE] + wide, [0xFE, 0xFF, 0] + wide, [0] + wide, wide,
            [0xEF, 0xBB, 0xBF] + text,
        ]
        for bytes in documents {
            let error = try error(bytes)
            guard case .unsupportedEncoding = error else {
                Testing.Issue.record("\(error) for \(bytes)")
                continue
            }
        }
    }

    @Test("a declaration comes first or not at all", arguments: [" ", "<s>", "<s><m>", "<s><m/>"])
    func misplacedDeclaration(before: String) throws {
        guard case .notWellFormed = try error(Array("\(before)<?xml version='1.0'?>".utf8)) else {
            Testing.Issue.record("another error")
            return
        }
    }

    @Test("a prefix that the header declares needs no declaration, and vanishes")
    func declaredPrefix() throws {
        let events = try Parser().parse("<s xmlns:p='urn:p'><p:m p:a='1' xml:lang='de'/>".utf8)
        #expect(
            events.last
                == .element(
                    Element(
                        "m",
                        in: "urn:p",
                        [AttributeName("a", in: "urn:p"): "1", .xmlLang: "de"]
                    )
                )
        )
    }
}
