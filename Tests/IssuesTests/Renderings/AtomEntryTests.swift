import Foundation
import Testing
import XML
import XMPP

@testable import Issues

@Suite struct AtomEntryTests {
    @Test("an issue becomes an Atom entry with text and XHTML (RFC 4287, XEP-0472 §4)")
    func golden() throws {
        let name = try #require(IssueFileName("2026-03-05-dispatch.de.md"))
        let issue = try NewsletterIssue.parse(
            """
            ---
            title: Verona & Mantua
            date: 2026-03-05
            categories: [Newsletter, Liebe]
            ---
            Ein *kurzer* Brief.

            {{< figure src="/balkon.JPG" caption="Der Balkon" >}}

            ## Neues
            - Romeo [kommt](#neues)
            """,
            fileName: name,
            in: Sample.context
        )
        let page = "https://dispatch.verona.example/de/2026/03/verona-mantua/"
        #expect(issue.webAddress == page)
        let expected = """
            <entry xmlns='http://www.w3.org/2005/Atom' xml:lang='de'>\
            <title type='text'>Verona &amp; Mantua</title>\
            <id>tag:verona.example,2026-03-05:dispatch/2026-03-05-dispatch/de</id>\
            <published>2026-03-05T09:00:00Z</published>\
            <updated>2026-03-06T10:30:00Z</updated>\
            <author><name>Friar Laurence</name><uri>xmpp:dispatch@news.verona.example</uri></author>\
            <category term='Newsletter'/><category term='Liebe'/>\
            <rights>CC BY-SA 4.0</rights>\
            <summary type='text'>Ein kurzer Brief.</summary>\
            <content type='text'>Ein _kurzer_ Brief.

            [Bild: Der Balkon] https://dispatch.verona.example/balkon.JPG

            *Neues*

            - Romeo kommt</content>\
            <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml' xml:lang='de'>\
            <p>Ein <em>kurzer</em> Brief.</p>\
            <p><img src='https://dispatch.verona.example/balkon.JPG' alt='Der Balkon'/></p>\
            <p><em>Der Balkon</em></p>\
            <h2 id='neues'>Neues</h2>\
            <ul><li>Romeo <a href='\(page)#neues'>kommt</a></li></ul></div></content>\
            <link rel='alternate' type='text/html' href='\(page)'/>\
            <link rel='alternate' \
            href='xmpp:news.verona.example?;node=dispatch-en;item=2026-03-05-dispatch'/>\
            <link rel='related' hreflang='it' href='https://verona.example/it/'/>\
            <link rel='enclosure' type='image/jpeg' \
            href='https://dispatch.verona.example/balkon.JPG'/></entry>
            """
        #expect(Sample.entry(of: issue).element.xml() == expected)
    }

    @Test("what the newsletter does not have is not in the entry")
    func little() throws {
        let context = IssueContext(defaultLanguage: "en")
        let issue = try Sample.issue("", in: context)
        let entry = AtomEntry(
            of: issue,
            id: "tag:a",
            published: "2026-03-05T09:00:00Z",
            updated: "2026-03-05T09:00:00Z",
            author: AtomEntry.Author(name: "A")
        )
        let element = entry.element
        #expect(element.children("link") == [])
        #expect(element.child("summary") == nil)
        #expect(element.child("rights") == nil)
        #expect(element.child("author")?.child("uri") == nil)
        #expect(try Element(xml: element.xml()) == element)
    }

    @Test("the front matter's summary is the entry's")
    func summary() throws {
        let name = try #require(IssueFileName("a.md"))
        let issue = try NewsletterIssue.parse(
            "---\ntitle: A\ndate: 2026-03-05\nsummary: Short.\n---\nLong.",
            fileName: name,
            in: Sample.context
        )
        #expect(Sample.entry(of: issue).element.child("summary")?.text == "Short.")
    }

    @Test("every image is enclosed once, wherever it stands")
    func enclosures() throws {
        let issue = try Sample.issue(
            """
            # ![a](/a.png)
            - {{< figure src="/b.webp?x=1" >}}
            > [![c](/c.svg)](/d) **![a](/a.png)**

            |![e](/e.gif)|
            |-|
            |![f](/f)|
            """
        )
        let enclosures = Sample.entry(of: issue).element.children("link")
            .filter { $0["rel"] == "enclosure" }
        #expect(
            enclosures.map { "\($0["href"]?.dropFirst(31) ?? "") \($0["type"] ?? "-")" } == [
                "/a.png image/png", "/b.webp?x=1 image/webp", "/c.svg image/svg+xml",
                "/e.gif image/gif", "/f -",
            ]
        )
    }

    @Test("whatever is written, the entry is well-formed and only listed markup is in it")
    func anyInput() throws {
        let pieces = [
            "{{< figure src=\"/a.png\" caption=\"*b* <i>\" >}}", "{{< newsletter-subscribe >}}",
            "{{< figure src=\"/a.png\" ", "link=/b ", "{{</* ", " */>}}",
            "\n", "\n\n", "  ", "- ", "> ", "# ", "1. ", "```\n", "`", "*", "**", "_", "~~", "[",
            "]",
            "(", ")", "](", "<b>", "</b>", "<!--", "-->", "&amp;", "&#0;", "\\", "|", "|-|-|\n",
            "https://a.example/", "xmpp:a@b", "@c@d.example", "<script>", "![", "]]>", "ä", "🙂",
            "\u{202E}", "\u{E000}", "\u{0}", "{{", ">}}", "\"", "'", "\t", "---\n", "javascript:x",
        ]
        var random = RepeatableNumbers(seed: 20_260_305)
        var read = 0
        for _ in 0..<1_500 {
            let count = Int.random(in: 0..<40, using: &random)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            guard let issue = try? Sample.issue(text) else { continue }
            read += 1
            let element = Sample.entry(of: issue).element
            #expect(try Element(xml: element.xml()) == element, "\(text.debugDescription)")
            let div = element.children("content").compactMap { $0.child("div", in: .xhtml) }
            #expect(div.flatMap { Markup.strangers(in: $0) } == [], "\(text.debugDescription)")
            #expect(div.flatMap { Markup.badAddresses(in: $0) } == [], "\(text.debugDescription)")
            #expect(!issue.chatText(.full).unicodeScalars.contains("\u{0}"))
        }
        #expect(read > 500)
    }

    @Test("an image whose file is at hand tells its size, others and those elsewhere do not")
    func enclosureLengths() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "images-\(UInt64.random(in: 0...UInt64.max))"
        )
        let nested = folder.appendingPathComponent("a b")
        try FileManager.default.createDirectory(at: nested, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(count: 1_234).write(to: nested.appendingPathComponent("c.png"))
        try FileManager.default.createSymbolicLink(
            at: nested.appendingPathComponent("within.png"),
            withDestinationURL: nested.appendingPathComponent("c.png")
        )
        try FileManager.default.createSymbolicLink(
            at: nested.appendingPathComponent("out.png"),
            withDestinationURL: URL(filePath: #filePath)
        )
        let site = try #require(Sample.context.site)
        let text = """
            ![x](/a%20b/c.png) ![x](/a%20b/d.png) ![x](/a%20b) ![x](https://else.example/c.png)
            ![x](/a%2F..%2Fa%20b/c.png) ![x](/a%20b/within.png) ![x](/a%20b/out.png)
            """
        var entry = Sample.entry(of: try Sample.issue(text))
        entry.images = ImageFolder(path: folder.path, site: site)
        let links = entry.element.children("link").filter { $0["rel"] == "enclosure" }
        #expect(links.map { $0["length"] } == ["1234", nil, nil, nil, nil, "1234", nil])
        #expect(links.first?["type"] == "image/png")
    }
}
