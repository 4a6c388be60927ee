import Foundation
import Testing

@testable import Issues

@Suite struct MarkdownTests {
    private func xhtml(_ text: String) throws -> String {
        Markup.xhtml(try Sample.issue(text))
    }

    @Test(
        "Markdown comes out as the XHTML that all clients know",
        arguments: [
            (
                "a *b* **c** ~~d~~ `e<f>`",
                "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;f&gt;</code></p>"
            ),
            ("one\ntwo  \nthree\\\nfour", "<p>one\ntwo<br/>\nthree<br/>\nfour</p>"),
            ("## A\n### A", "<h2 id='a'>A</h2>\n<h3 id='a-1'>A</h3>"),
            ("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
            ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
            ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
            ("7) a", "<ol start='7'><li>a</li></ol>"),
            ("> a\n>\n> - b", "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>"),
            (
                "```erlang x\n<a>\n```",
                "<pre><code class='language-erlang'>&lt;a&gt;\n</code></pre>"
            ),
            ("a\n\n---", "<p>a</p>\n<hr/>"),
            (
                "|a|b|\n|-|-|\n|*c*|d|",
                "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><em>c</em></td><td>d</td></tr></tbody></table>"
            ),
            ("[a](/b \"c\")", "<p><a href='https://dispatch.verona.example/b' title='c'>a</a></p>"),
            (
                "![a *b*](/c.png)",
                "<p><img src='https://dispatch.verona.example/c.png' alt='a b'/></p>"
            ),
            ("Asterisk + XMPP = <3 & \"more\"", "<p>Asterisk + XMPP = &lt;3 &amp; \"more\"</p>"),
            ("about ~20 to ~30 people", "<p>about ~20 to ~30 people</p>"),
            ("\\*not\\* [DE] \\[IT\\]", "<p>*not* [DE] [IT]</p>"),
        ]
    )
    func rendering(text: String, expected: String) throws {
        #expect(try xhtml(text) == expected)
    }

    @Test(
        "addresses in the text become links, handles and namespaces do not",
        arguments: [
            (
                "https://a.example/b.",
                "<p><a href='https://a.example/b'>https://a.example/b</a>.</p>"
            ),
            ("www.a.example", "<p><a href='http://www.a.example'>www.a.example</a></p>"),
            ("friar@a.example", "<p><a href='mailto:friar@a.example'>friar@a.example</a></p>"),
            ("see @friar@a.example, please", "<p>see @friar@a.example, please</p>"),
            (
                "xmpp:room@a.example?join.",
                "<p><a href='xmpp:room@a.example?join'>xmpp:room@a.example?join</a>.</p>"
            ),
            (
                "(xmpp:a@b.example) and xmpp:c@d.example",
                "<p>(<a href='xmpp:a@b.example'>xmpp:a@b.example</a>) and <a href='xmpp:c@d.example'>xmpp:c@d.example</a></p>"
            ),
            ("urn:xmpp:omemo:2 and urn:xmpp:a@b", "<p>urn:xmpp:omemo:2 and urn:xmpp:a@b</p>"),
            ("the xmpp: scheme", "<p>the xmpp: scheme</p>"),
            (
                "[talk: xmpp:a@b.example](/c)",
                "<p><a href='https://dispatch.verona.example/c'>talk: xmpp:a@b.example</a></p>"
            ),
            ("`xmpp:a@b.example`", "<p><code>xmpp:a@b.example</code></p>"),
        ]
    )
    func autolinks(text: String, expected: String) throws {
        #expect(try xhtml(text) == expected)
    }

    @Test("HTML reaches nobody as HTML: it is shown as text, and comments are left out")
    func rawHTML() throws {
        let issue = try Sample.issue(
            "<script>alert(1)</script>\n\nx <b onclick=\"y\">z</b>\n\n<!-- later -->\n\na<!-- b -->c"
        )
        #expect(
            Markup.xhtml(issue) == """
                <p>&lt;script&gt;alert(1)&lt;/script&gt;</p>
                <p>x &lt;b onclick="y"&gt;z&lt;/b&gt;</p>
                <p>ac</p>
                """
        )
        #expect(Set(issue.warnings.map(\.rule)) == [.rawHTML])
        #expect(issue.warnings.map(\.place.line) == [5, 7, 7, 9, 11])
    }

    @Test("a shortcode within HTML is carried out all the same")
    func shortcodeInHTML() throws {
        let xhtml = try xhtml("<div>\n{{< figure src=\"/a.png\" >}}\n</div>")
        #expect(
            xhtml == "<p>&lt;div&gt;</p>\n<p><img src='https://dispatch.verona.example/a.png' "
                + "alt=''/></p>\n<p>&lt;/div&gt;</p>"
        )
    }

    @Test("a link that must not be followed keeps its text and is warned of at its place")
    func refusedLinks() throws {
        let issue = try Sample.issue(
            "Ä [a](javascript:x) [b](ftp://c.example) [d]()\n\n- [e](codeberg.example/f)\n"
        )
        #expect(Markup.xhtml(issue) == "<p>Ä a b d</p>\n<ul><li>e</li></ul>")
        #expect(
            issue.warnings.map { "\($0.place.line):\($0.place.column) \($0.rule.rawValue)" } == [
                "5:3 link-scheme", "5:21 link-scheme", "5:42 link-incomplete",
                "7:3 scheme-missing",
            ]
        )
        #expect(issue.warnings.last?.message.contains("https://codeberg.example/f") == true)
    }

    @Test("links to headings lead to the issue's page; dead ones are told of, with the nearest")
    func fragments() throws {
        let issue = try Sample.issue(
            "[a](#help-us) [b](#hlep-us) [c](#veröffentlicht)\n\n## Help us!\n## Veröffentlicht"
        )
        #expect(
            Markup.xhtml(issue).contains(
                "<a href='https://dispatch.verona.example/2026/03/the-verona-dispatch/#help-us'>"
            )
        )
        #expect(
            issue.warnings.map(\.description) == [
                "2026-03-05-dispatch.md:5:15: warning: No heading has the id 'hlep-us'. "
                    + "The nearest is '#help-us'. [fragment-dead]"
            ]
        )
    }

    @Test(
        "headings get the ids that Hugo gives them",
        arguments: [
            ("Libraries & Tools", "libraries--tools"),
            ("XMPP Events 2024/25!", "xmpp-events-202425"),
            ("Événements d’été", "événements-dété"),
            ("¡Gracias a todos!", "gracias-a-todos"),
            ("`a_b`-*c*", "a_b-c"),
            ("[Link](https://a.example)", "link"),
            ("!!!", "heading"),
        ]
    )
    func headingIDs(text: String, id: String) throws {
        let issue = try Sample.issue("## \(text)")
        guard case .heading(let heading) = issue.body.first?.content else {
            Testing.Issue.record("no heading")
            return
        }
        #expect(heading.id == id)
    }

    @Test("headings with the same text have different ids, however many there are")
    func repeatedHeadings() throws {
        var ids = HeadingIDs()
        #expect(
            ["A", "a-1", "A", "a", "B"].map { ids.id(for: $0) } == ["a", "a-1", "a-2", "a-3", "b"]
        )
        let many = (0..<20_000).map { _ in ids.id(for: "same") }
        #expect(Set(many).count == many.count)
    }

    @Test("blocks and links know their place in the file")
    func places() throws {
        let issue = try Sample.issue("One\n\n- Two\n\n- # Three [x](https://a.example/)\n")
        #expect(
            issue.body.map(\.place) == [
                SourcePlace(line: 5, column: 1), SourcePlace(line: 7, column: 1),
            ]
        )
        guard case .list(let list) = issue.body.last?.content,
            case .heading(let heading) = list.items.last?.first?.content,
            case .link(let link) = heading.text.last
        else {
            Testing.Issue.record("not the blocks that were written")
            return
        }
        #expect(list.items.last?.first?.place == SourcePlace(line: 9, column: 3))
        #expect(link.place == SourcePlace(line: 9, column: 11))
    }

    @Test("a place far into a long line is exact")
    func longLines() throws {
        for length in [0, 1, 254, 255, 256, 257, 1_000] {
            let text = String(repeating: "ä", count: length) + " {{< figure src=\"/a\" x=y >}}"
            let issue = try Sample.issue(text)
            #expect(issue.warnings.map(\.place) == [SourcePlace(line: 5, column: length + 22)])
        }
    }

    @Test(
        "four times as much of what is no issue takes about four times the work",
        arguments: ["<b>", "{{< a >}}", "{{< figure src=\"/a\" >}}", "# a\n", "[a](#b) "]
    )
    func largeFiles(text: String) throws {
        func work(_ size: Int) throws -> Duration {
            let many = String(repeating: text, count: size / text.utf8.count)
            let file = "---\ntitle: A\ndate: 2026-03-05\n---\n" + many
            return try (0..<2).map { _ in
                let begin = Self.processorTime
                _ = try Sample.errors(file)
                return Self.processorTime - begin
            }.min() ?? .zero
        }
        // If each piece were looked at for each other one, it would be sixteen times.
        let (small, large) = (try work(10_000), try work(40_000))
        #expect(small > .zero && large < small * 10, "\(small), \(large)")
    }

    /// What this thread alone has computed, however much else the machine has to do.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test("nesting that would exhaust the stack is an error, not a crash")
    func nesting() throws {
        let head = "---\ntitle: A\ndate: 2026-03-05\n---\n"
        let deep = [
            String(repeating: "> ", count: 20_000) + "a",
            String(repeating: "- ", count: 5_000) + "a",
            String(repeating: "*a **b ", count: 3_000) + String(repeating: "c** d* ", count: 3_000),
        ]
        for text in deep {
            #expect(try Sample.errors(head + text).first?.hasSuffix("[nesting]") == true)
        }
        // What is deep but bearable is read, even on a thread with a small stack.
        let bearable = String(repeating: "> ", count: 40) + "*a **b ~~c~~***"
        let issue = try Sample.issue(bearable)
        #expect(Markup.xhtml(issue).contains("<em>a <strong>b <del>c</del></strong></em>"))
        // Brackets nest in vain: no link holds another.
        let brackets =
            String(repeating: "[", count: 20_000) + String(repeating: "](a)", count: 20_000)
        _ = try Sample.errors(head + brackets)
    }
}
