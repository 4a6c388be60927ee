import Testing

@testable import Issues

@Suite struct ChatTextTests {
    private let page = "https://dispatch.verona.example/2026/03/the-verona-dispatch/"

    private let letter = """
        Dear *readers*,
        here is **news** from [Verona](https://verona.example/).

        # News

        - Romeo
          - and [Juliet](/juliet), see `<balcony/>`

          {{< figure src="/b.png" caption="The **balcony**" >}}
        - Tybalt

        ## Details

        > Two houses,
        > both alike

        ```
        a ``` b
        ```

        1. one
        2. two

        # Help us to build the newsletter

        # License
        """

    @Test("the whole issue reads well as plain text")
    func full() throws {
        let issue = try Sample.issue(letter)
        #expect(
            issue.chatText(.full) == """
                The Verona Dispatch

                Dear _readers_, here is *news* from Verona <https://verona.example/>.

                *News*

                - Romeo
                  - and Juliet <https://dispatch.verona.example/juliet>, see `<balcony/>`
                  [Image: The *balcony*] https://dispatch.verona.example/b.png
                - Tybalt

                _Details_

                > Two houses, both alike

                ```
                a ``` b
                ```

                1. one
                2. two

                *Help us to build the newsletter*

                *License*

                Read online: \(page)
                """
        )
    }

    @Test("the short text has title, lead, contents and link")
    func short() throws {
        #expect(
            try Sample.issue(letter).chatText(.short) == """
                The Verona Dispatch

                Dear readers, here is news from Verona.

                Contents:
                - News

                Read online: \(page)
                """
        )
    }

    @Test("the link alone is title and link")
    func link() throws {
        let issue = try Sample.issue(letter)
        #expect(issue.chatText(.link) == "The Verona Dispatch\nRead online: \(page)")
    }

    @Test("a newsletter without a web site gives the address it is told, or none")
    func noSite() throws {
        let issue = try Sample.issue("Text.", in: IssueContext(defaultLanguage: "en"))
        #expect(issue.chatText(.link, link: "xmpp:a") == "The Verona Dispatch\nRead online: xmpp:a")
        #expect(issue.chatText(.short) == "The Verona Dispatch\n\nText.")
        #expect(issue.eventBody() == "The Verona Dispatch\n\nText.")
    }

    @Test("the body beside an event has title, summary and link")
    func eventBody() throws {
        #expect(
            try Sample.issue(letter).eventBody() == """
                The Verona Dispatch

                Dear readers, here is news from Verona.

                Read online: \(page)
                """
        )
    }

    @Test("our own words are in the issue's language, the apology in the reader's")
    func languages() throws {
        let issue = try Sample.issue("# Neues\n# Rest", file: "2026-03-05-dispatch.de.md")
        #expect(issue.chatText(.short, for: "de").contains("Inhalt:\n- Neues\n- Rest"))
        #expect(issue.chatText(.link).contains("Im Web lesen: https://"))
        #expect(
            issue.chatText(.link, for: "fr").split(separator: "\n")[1]
                == "Pas encore en français ; voici l’original en allemand."
        )
        #expect(
            NewsletterIssue.notTranslated(wanted: "fr-CA", have: "en")
                == "Pas encore en français ; voici l’original en anglais."
        )
        #expect(
            NewsletterIssue.notTranslated(wanted: "eo", have: "de")
                == "Not yet in “eo”; here is the original in German."
        )
    }

    @Test("every language has all words, and says every language")
    func labels() {
        for language in ["en", "de", "fr", "es", "it"] {
            for other in ["en", "de", "fr", "es", "it", "pt-br"] {
                let line = NewsletterIssue.notTranslated(wanted: language, have: other)
                #expect(!line.contains("“") && !line.contains("%"), "\(line)")
            }
        }
        #expect(Labels(in: "de-AT") == Labels(in: "de"))
        #expect(Labels(in: "eo") == Labels(in: "en"))
        #expect(Labels(in: "es") != Labels(in: "it"))
    }

    @Test(
        "styling appears only where it works and reads well",
        arguments: [
            ("un**believ**able", "unbelievable"),
            ("(*so*)", "(_so_)"),
            ("**a*b***", "*ab*"),
            ("**3 \\* 4**", "3 * 4"),
            ("`a``b`", "a``b"),
            ("[**b**](https://c.example/)", "*b* <https://c.example/>"),
            ("\\> no quotation", " > no quotation"),
            ("<https://a.example/>", "https://a.example/"),
            ("friar@a.example", "friar@a.example"),
            ("a ![b](/c.png) d", "a [Image: b] https://dispatch.verona.example/c.png d"),
            ("![](/c.png)", "[Image] https://dispatch.verona.example/c.png"),
            ("a  \nb", "a\nb"),
            ("|a|*b*|\n|-|-|\n|c|d|", "a | _b_\nc | d"),
            ("> a\n>\n> b", "> a\n>\n> b"),
            ("~~a~~ b", "~a~ b"),
            ("---", "———"),
            ("[to the end](#end)", "to the end"),
        ]
    )
    func styling(text: String, expected: String) throws {
        let rendering = PlainTextRendering(language: "en")
        #expect(rendering.text(of: try Sample.issue(text).body) == expected)
    }

    @Test("a long first paragraph is cut between words")
    func longLead() throws {
        let issue = try Sample.issue(String(repeating: "word ", count: 1_000))
        let lead = try #require(issue.lead(limit: 102))
        #expect(lead.hasSuffix("word …"))
        #expect(lead.count <= 104)
        #expect(issue.chatText(.short).count < 1_000)
    }

    @Test("an image before the text is not the lead")
    func leadIsText() throws {
        #expect(try Sample.issue("[![a](/a.png)](/b)\n\nText.").lead() == "Text.")
        #expect(try Sample.issue("{{< figure src=\"/a.png\" >}}").lead() == nil)
    }

    @Test("contents are the sections, even where one heading stands above them all")
    func contents() throws {
        #expect(try Sample.issue("# All\n## A\n### a\n## B\n## Licence").contents == ["A", "B"])
        #expect(try Sample.issue("## A\n# B\n# C").contents == ["B", "C"])
        #expect(try Sample.issue("## A").contents == ["A"])
        #expect(try Sample.issue("Text").contents == [])
    }

    @Test("from right to left, an address stays apart from the words around it")
    func rightToLeft() throws {
        let issue = try Sample.issue(
            "اقرأ [الخبر](/a) الآن.\n\n{{< figure src=\"/b.png\" caption=\"حمامة\" >}}",
            file: "2026-03-05-dispatch.ar.md"
        )
        #expect(
            issue.chatText(.full) == """
                The Verona Dispatch

                اقرأ الخبر \u{2066}<https://dispatch.verona.example/a>\u{2069} الآن.

                [صورة: حمامة]
                https://dispatch.verona.example/b.png

                للقراءة على الويب:
                https://dispatch.verona.example/ar/2026/03/the-verona-dispatch/
                """
        )
    }

    @Test(
        "a change of direction ends with its line, and nothing ends what never began",
        arguments: [
            ("a\u{202E}b\nc", "a\u{202E}b\u{202C}\nc"), ("\u{2067}a\u{2069}", "\u{2067}a\u{2069}"),
            ("a\u{2069}b\u{202C}", "ab"),
            ("\u{2066}\u{202B}x", "\u{2066}\u{202B}x\u{202C}\u{2069}"),
            ("“plain”", "“plain”"),
        ]
    )
    func directions(_ text: String, _ expected: String) {
        #expect(
            Array(text.closingDirections().unicodeScalars) == Array(expected.unicodeScalars)
        )
    }
}
