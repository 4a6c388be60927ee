import Testing
import XML
import XMPP

@testable import Issues

/// What comes out of texts that nobody would write on purpose.
@Suite struct AnyRenderingTests {
    private static let parts = [
        "# a\n", "## b\n\n", "- ", "  - ", "1. ", "> ", "\n", "\n\n", "text ", "*", "**", "_", "`",
        "```\n", "~~", "[a](", "](/b)", "](#c)", "](javascript:alert(1))",
        "](https://d.example/\"e)",
        "![f](/g.png \"h\")", "{{< figure src=\"/i.png\" caption=\"**j** [k](l)\" >}}",
        "{{< figure src=\"data:x\" link=\"javascript:y\" alt='<z>' >}}",
        "{{< newsletter-subscribe >}}",
        "<script>alert(1)</script>", "<b onclick='x'>", "&lt;", "&#0;", "&amp;", "\\",
        "|a|b|\n|-|-|\n|c|\n",
        "https://é.example/ö", "<https://m.example/>", "xmpp:n@o", "p@q.example", "\u{202E}",
        "\u{0}",
        "\u{FFFE}", "🕊️", "\r\n", "\t", "]]>", "<!--", "---\n", "___\n",
    ]

    private func issues(_ count: Int, seed: UInt64) throws -> [NewsletterIssue] {
        var numbers = RepeatableNumbers(seed: seed)
        return (0..<count).compactMap { _ in
            let length = Int.random(in: 0..<40, using: &numbers)
            let text = (0..<length).map { _ in Self.parts.randomElement(using: &numbers) ?? "" }
            return try? Sample.issue(text.joined())
        }
    }

    @Test("the entry of any issue is well-formed and holds only what is on the list")
    func entries() throws {
        let issues = try issues(400, seed: 31)
        #expect(issues.count > 200)
        for issue in issues {
            let entry = Sample.entry(of: issue).element
            #expect(try Element(xml: entry.xml()) == entry)
            let div = try #require(
                entry.children("content").compactMap { $0.child("div", in: .xhtml) }.first
            )
            #expect(Markup.strangers(in: div) == [])
            #expect(Markup.badAddresses(in: div) == [])
        }
    }

    @Test("the page of any issue holds only what is on the list, and every element ends")
    func pages() throws {
        for issue in try issues(300, seed: 32) {
            let text = issue.pageText()
            #expect(Markup.strangers(in: text, besides: WebPageTests.allowed) == [])
            let html = issue.htmlDocument
            // As words it may stand there, as an address it may not.
            #expect(!html.contains("<script") && !html.contains("='javascript:"))
            for name in ["p", "li", "a", "figure", "table", "pre"] {
                let opened =
                    html.split(separator: "<\(name)>").count
                    + html.split(separator: "<\(name) ").count
                #expect(opened - 1 == html.split(separator: "</\(name)>").count, "\(name)")
            }
        }
    }

    @Test("the chat text of any issue has no control characters, and its directions are ended")
    func chats() throws {
        for issue in try issues(300, seed: 33) {
            for amount in ChatAmount.allCases {
                let text = issue.chatText(amount)
                let strange = text.unicodeScalars.filter {
                    $0.value < 0x20 && $0 != "\n" && $0 != "\t"
                }
                #expect(strange.isEmpty)
                #expect(text.closingDirections() == text)
                #expect(text.hasPrefix("The Verona Dispatch\n"))
            }
        }
    }
}
