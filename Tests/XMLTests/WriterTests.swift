import Testing
import XML

@Suite("Writer")
struct WriterTests {
    @Test("a namespace is declared where it changes, and only there")
    func namespaces() {
        let element = Element("iq", in: "jabber:component:accept", ["id": "1"]) {
            Element("query", in: "urn:q") { Element("item", ["name": "it's", .xmlLang: "fr"]) }
        }
        #expect(
            element.xml(inheriting: "jabber:component:accept")
                == "<iq id='1'><query xmlns='urn:q'><item name='it&apos;s' xml:lang='fr'/></query></iq>"
        )
    }

    @Test("what XML forbids never leaves")
    func forbidden() {
        let element = Element("body") { "a\u{0}b\u{1B}c\u{FFFE}d<>&\r\n" }
        #expect(
            element.xml() == "<body>a\u{FFFD}b\u{FFFD}c\u{FFFD}d&lt;&gt;&amp;&#13;\n</body>"
        )
    }

    @Test("an attribute of a foreign namespace gets a prefix")
    func prefixed() throws {
        let element = Element("a", in: "x", [AttributeName("b", in: "urn:c"): "1"])
        #expect(element.xml() == "<a xmlns='x' xmlns:a1='urn:c' a1:b='1'/>")
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("what is written is read back the same")
    func roundTrip() throws {
        let element = Element("a", in: "x", ["k": " \t\n\r'\"<&> é"]) {
            "text\r\n "
            Element("b", in: Namespace.none) { Element("c", in: "x") }
        }
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("characters just beside the forbidden ones stay")
    func neighboursOfForbidden() {
        let text = "\u{FFFD}\u{F000}\u{FDFF}\u{20}\u{7F}\u{10FFFF}\u{EFFF}"
        #expect(Element("a") { text }.xml() == "<a>\(text)</a>")
        #expect(Element("a") { "\u{FFFF}" }.xml() == "<a>\u{FFFD}</a>")
    }

    @Test("the end of CDATA is no trap")
    func endOfCDATA() throws {
        let element = Element("a", in: Namespace.none) { "x ]]> y" }
        #expect(element.xml() == "<a>x ]]&gt; y</a>")
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("quotes stay readable in text, where they need no escape")
    func quotes() {
        #expect(
            Element("a", ["k": "it's"]) { "it's \"x\"" }.xml() == "<a k='it&apos;s'>it's \"x\"</a>"
        )
    }

    @Test("xml:base and xml:lang use the prefix that needs no declaration")
    func xmlPrefix() throws {
        let element = Element("a", in: "x", [AttributeName("base", in: .xml): "/", .xmlLang: "en"])
        #expect(element.xml() == "<a xmlns='x' xml:base='/' xml:lang='en'/>")
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("a brace in an attribute's namespace does not break what we write")
    func braces() throws {
        let element = try Element(xml: "<a xmlns:p='u}v}{' p:k='1' xmlns:q='}' q:k='2'/>")
        #expect(element.attributes.map(\.name.local) == ["k", "k"])
        #expect(element.attributes.map(\.name.namespace) == ["u}v}{", "}"])
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("an element of the namespace that may not be declared is written with its prefix")
    func elementOfXML() throws {
        let element = try Element(xml: "<a xmlns='x'><xml:b xml:lang='de'>t<c/></xml:b></a>")
        #expect(element.xml() == "<a xmlns='x'><xml:b xml:lang='de'>t<c/></xml:b></a>")
        #expect(try Element(xml: element.xml()) == element)
        #expect(try Element(xml: "<xml:b><c/></xml:b>").xml() == "<xml:b><c/></xml:b>")
    }

    @Test("a stream header stays open and binds its prefix")
    func header() {
        var writer = Writer()
        writer.writeStart(
            Element("stream", in: "urn:s", ["to": "a&b"]),
            prefix: "stream",
            contentNamespace: "urn:c"
        )
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "<stream:stream xmlns='urn:c' xmlns:stream='urn:s' to='a&amp;b'>"
        )
    }
}
