import Testing
import XML
import XMPP

@testable import Issues

@Suite struct WebPageTests {
    private let letter = """
        # News

        See [below](#details) and [elsewhere](/a).

        {{< figure src="/b.png" caption="The **balcony**" title="Night" link="#news" >}}

        {{< figure src="/c.png" alt="A moon" >}}

        ### Details

        Tom & <Jerry>
        """

    @Test("the text of a page keeps fragments on it and leaves the first heading to the title")
    func text() throws {
        let text = try Sample.issue(letter).pageText()
        #expect(
            text.html == """
                <div lang='en' dir='ltr'><h2 id='news'>News</h2>\
                <p>See <a href='#details'>below</a> and \
                <a href='https://dispatch.verona.example/a'>elsewhere</a>.</p>\
                <figure><a href='#news'><img src='https://dispatch.verona.example/b.png' \
                alt='The balcony' title='Night'></a>\
                <figcaption><strong>Night</strong> The <strong>balcony</strong></figcaption></figure>\
                <figure><img src='https://dispatch.verona.example/c.png' alt='A moon'></figure>\
                <h4 id='details'>Details</h4><p>Tom &amp; &lt;Jerry&gt;</p></div>
                """
        )
        #expect(Markup.strangers(in: text, besides: Self.allowed) == [])
    }

    /// What a page may hold besides what every client gets.
    static let allowed = XHTMLRendering.allowedOnPage.merging(["div": ["lang", "dir"]]) { $1 }

    @Test("headings never get below the sixth level, nor are they raised")
    func levels() throws {
        let low = try Sample.issue("# A\n\n###### B").pageText()
        #expect(low.elements.map(\.name) == ["h2", "h6"])
        let high = try Sample.issue("### A\n\n#### B").pageText()
        #expect(high.elements.map(\.name) == ["h3", "h4"])
    }

    @Test("elements without content are written as browsers read them")
    func syntax() {
        let element = Element("p", in: .xhtml, [.xmlLang: "it", "title": "a'b<c"]) {
            Element("br", in: .xhtml)
            Element("em", in: .xhtml)
            "1 < 2"
        }
        #expect(
            element.html == "<p lang='it' title='a&apos;b&lt;c'><br><em></em>1 &lt; 2</p>"
        )
    }

    @Test("a document says its language, its direction and where it belongs")
    func document() throws {
        let text = try Sample.issue("# خبر\n", file: "2026-03-05-dispatch.ar.md").htmlDocument
        #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang='ar' dir='rtl'>"))
        #expect(text.contains("<title>The Verona Dispatch</title>"))
        #expect(text.contains("<time datetime='2026-03-05'>"))
        #expect(text.contains("<link rel='canonical' href='https://dispatch.verona.example/ar/"))
        // A style sheet in HTML is raw text: an escape in it would stay one.
        let style = text.split(separator: "<style>")[1].prefix { $0 != "<" }
        #expect(!style.contains("&"))
    }

    @Test(
        "the direction follows the language, or the script its tag names",
        arguments: [
            ("ar", TextDirection.rightToLeft), ("he-IL", .rightToLeft), ("fa", .rightToLeft),
            ("de", .leftToRight), ("ur-Latn", .leftToRight), ("az-Arab", .rightToLeft),
            ("", .leftToRight), ("arn", .leftToRight),
        ]
    )
    func direction(_ language: String, _ expected: TextDirection) {
        #expect(TextDirection(of: language) == expected)
    }
}
