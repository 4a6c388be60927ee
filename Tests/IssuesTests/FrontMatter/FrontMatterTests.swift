import Testing

@testable import Issues

@Suite struct FrontMatterTests {
    private func issue(_ frontMatter: String) throws -> NewsletterIssue {
        let name = try #require(IssueFileName("2026-03-05-dispatch.md"))
        return try NewsletterIssue.parse(
            "---\n\(frontMatter)\n---\nText.\n",
            fileName: name,
            in: Sample.context
        )
    }

    @Test("all keys are read")
    func everything() throws {
        let frontMatter = try issue(
            """
            title: 'Peace: at last'
            date: 2026-03-05
            summary: >
              The houses
              talk again.
            author: Friar Laurence
            categories: [Newsletter, "Verona"]
            aliases:
              - /old/
            """
        ).frontMatter
        #expect(frontMatter.title == "Peace: at last")
        #expect(frontMatter.date == IssueDate(year: 2026, month: 3, day: 5))
        #expect(frontMatter.summary == "The houses talk again.")
        #expect(frontMatter.author == "Friar Laurence")
        #expect(frontMatter.categories == ["Newsletter", "Verona"])
        #expect(frontMatter.aliases == ["/old/"])
    }

    @Test("titles that YAML takes for numbers or booleans are texts all the same")
    func scalars() throws {
        #expect(try issue("title: 2026\ndate: 2026-03-05T10:00:00Z").title == "2026")
        #expect(try issue("title: yes\ndate: '2026-03-05'").title == "yes")
    }

    @Test("an unknown key is warned of at its place, with the one that was meant")
    func unknownKey() throws {
        let warnings = try issue("title: A\ndate: 2026-03-05\nsumary: B\nxyzzy: C").warnings
        #expect(
            warnings.map(\.description) == [
                "2026-03-05-dispatch.md:4:1: warning: Nothing reads the key 'sumary'. "
                    + "Did you mean 'summary'? [key-unknown]",
                "2026-03-05-dispatch.md:5:1: warning: Nothing reads the key 'xyzzy'. "
                    + "Known are: title, date, summary, author, categories, aliases. [key-unknown]",
            ]
        )
    }

    @Test("a date other than the file's name says is warned of, and counts")
    func dateMismatch() throws {
        let issue = try issue("title: A\ndate: 2026-02-27")
        #expect(issue.warnings.map(\.rule) == [.dateMismatch])
        #expect(issue.warnings.first?.place == SourcePlace(line: 3, column: 7))
        #expect(issue.webAddress == "https://dispatch.verona.example/2026/02/a/")
    }

    @Test("one alias as a text is taken, with a warning")
    func aliasText() throws {
        let issue = try issue("title: A\ndate: 2026-03-05\naliases: /old/")
        #expect(issue.frontMatter.aliases == ["/old/"])
        #expect(issue.warnings.map(\.rule) == [.aliasesText])
    }

    @Test("values of the wrong kind are left out, with a warning")
    func wrongKinds() throws {
        let issue = try issue(
            "title: A\ndate: 2026-03-05\nsummary: [a]\ncategories: {a: b}\naliases: [a, [b]]"
        )
        #expect(issue.warnings.map(\.rule) == [.valueType, .valueType, .valueType])
        #expect(issue.frontMatter.summary == nil)
        #expect(issue.frontMatter.categories == [])
        #expect(issue.frontMatter.aliases == ["a"])
    }

    @Test(
        "what is missing or broken is said with its place and the remedy",
        arguments: [
            ("Just text.\n", ":1:1: error: The file does not begin with front matter."),
            ("", ":1:1: error: The file does not begin with front matter."),
            ("---\ntitle: A\n", ":1:1: error: The front matter never ends."),
            ("---\ndate: 2026-03-05\n---\n", ":1:1: error: The issue has no title."),
            ("---\ntitle:\ndate: 2026-03-05\n---\n", ": error: The issue has no title."),
            ("---\ntitle: A\n---\n", ":1:1: error: The issue has no date."),
            ("---\ntitle: A\ndate: May\n---\n", ":3:7: error: 'May' is no date."),
            ("---\ntitle: A\ndate: 2026-02-30\n---\n", ":3:7: error: '2026-02-30' is no date."),
            ("---\ntitle: [A]\ndate: 2026-03-05\n---\n", ":2:8: error: 'title' must be a text."),
            ("---\ntitle: A: B\ndate: 2026-03-05\n---\n", ":2:9: error: The front matter is not"),
            ("---\ntitle: \"A\n---\n", ": error: The front matter is not valid YAML:"),
            ("---\n- A\n---\n", ":2:1: error: The front matter must be lines of the form"),
            ("---\ntitle: A\ntitle: B\n---\n", "The front matter says 'title' twice; keep one."),
        ]
    )
    func broken(text: String, message: String) throws {
        let errors = try Sample.errors(text)
        #expect(errors.first?.contains(message) == true, "\(errors)")
        #expect(errors.allSatisfy { $0.hasPrefix("2026-03-05-dispatch.md:") })
    }

    @Test("all errors of a file are told at once, in its order, a line each")
    func allAtOnce() throws {
        let name = try #require(IssueFileName("a.md"))
        let error = #expect(throws: IssueError.self) {
            try NewsletterIssue.parse(
                "---\ntitel: A\n---\n{{< figre >}}\n",
                fileName: name,
                in: Sample.context
            )
        }
        #expect(
            error?.findings.map(\.rule) == [
                .titleMissing, .dateMissing, .keyUnknown, .shortcodeUnknown,
            ]
        )
        #expect(error?.description.split(separator: "\n").count == 4)
    }

    @Test("whatever stands between the dashes, the file is read or refused")
    func anyInput() throws {
        let pieces = [
            "title: ", "date: 2026-03-05", "\n", "- ", "? ", ": ", "[", "]", "{", "}", "&a ", "*a ",
            "!!str ", "|", ">", "\"", "'", "#", "\t", "  ", "%YAML 1.2\n", "...", "<<: ", "~",
            "\u{0}",
        ]
        var random = RepeatableNumbers(seed: 5)
        for _ in 0..<2_000 {
            let text = (0..<20).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let errors = try Sample.errors("---\n\(text)\n---\n")
            #expect(errors.allSatisfy { $0.hasPrefix("2026-03-05-dispatch.md:") })
        }
    }

    @Test("front matter that would exhaust a YAML parser is refused")
    func tooDeep() throws {
        for nest in [
            String(repeating: "[", count: 5_000), String(repeating: "- ", count: 5_000),
            String(repeating: "a: {", count: 5_000), String(repeating: "x", count: 70_000),
        ] {
            let errors = try Sample.errors("---\ntitle: \(nest)\n---\n")
            #expect(errors.first?.contains("nested too deeply") == true)
        }
    }
}
