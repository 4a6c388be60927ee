import Testing

@testable import Issues

/// The skeleton of an issue.
@Suite struct IssueDraftTests {
    private static let last = """
        ---
        title: "The Verona Dispatch, March"
        date: 2026-03-05
        categories: ["Newsletter"]
        ---

        Welcome to March!

        ## XMPP Software News

        ### XMPP Clients and Applications

        - [Old news](https://old.example/)

        #### A word on ladders

        More old news.

        ## Extensions and specifications

        The foundation makes extensions.

        ### New

        - Version 0.1.0 of [XEP-0506](/extensions/xep-0506.html) (No-reply JIDs)

        ### Deferred

        After a year without a word they come here.

        - No XEPs deferred this month.

        ## Spread the news

        - [Chat](https://chat.example/)

        ### Newsletter Contributors & Translations

        Thanks to all.

        - Contributors:
          - To [this issue](/categories/newsletter/): *Tybalt, Paris*
        - Translations:
          - [Italian](/it/): *Rosaline*

        ## License

        CC BY-SA.
        """

    private func draft(
        _ items: [IssueDraft.Item],
        contributors: [String] = [],
        model: String? = last,
        specifications: SpecificationSection? = nil
    ) throws -> String {
        let name = try #require(IssueFileName("2026-03-05-dispatch.md"))
        let model = try model.map { text in
            IssueDraft.Model(
                issue: try NewsletterIssue.parse(text, fileName: name, in: Sample.context),
                bytes: Array(text.utf8)
            )
        }
        return IssueDraft(
            title: "The Verona \"Dispatch\" 2026-04",
            date: try #require(IssueDate("2026-04-05")),
            language: "en",
            taxonomy: .xmppNewsletter,
            model: model,
            items: items,
            contributors: contributors,
            specifications: specifications
        )
        .markdown
    }

    private func item(_ section: String?, _ address: String, _ text: String) throws
        -> IssueDraft.Item
    {
        IssueDraft.Item(
            section: section.map { SectionID(rawValue: $0) },
            reference: try #require(WebReference(address)),
            text: text
        )
    }

    @Test("it has the headings of the issue before, its standing texts, and the news that came")
    func skeleton() throws {
        let text = try draft(
            [
                try item("clients", "https://ladder.example/2", "Ladder 2 is out"),
                try item("servers", "https://gate.example/", "*Gate* opens"),
                try item("events", "https://ball.example/", ""),
                try item(nil, "https://nurse.example/", "What the nurse said"),
            ],
            contributors: ["Benvolio", "Mercutio"]
        )
        #expect(
            text == """
                ---
                title: "The Verona \\"Dispatch\\" 2026-04"
                date: 2026-04-05
                categories: ["Newsletter"]
                ---

                ## News

                - [What the nurse said](https://nurse.example/)

                ## XMPP Events

                - [ball.example](https://ball.example/)

                ## XMPP Software News

                ### XMPP Clients and Applications

                - [Ladder 2 is out](https://ladder.example/2)

                ### XMPP Servers

                - [\\*Gate\\* opens](https://gate.example/)

                ## Extensions and specifications

                The foundation makes extensions.

                ### New

                - No new XEPs this month.

                ### Deferred

                After a year without a word they come here.

                - No XEPs deferred this month.

                ## Spread the news

                - [Chat](https://chat.example/)

                ### Newsletter Contributors & Translations

                Thanks to all.

                - Contributors:
                  - To [this issue](/categories/newsletter/): *Benvolio, Mercutio*
                - Translations:
                  - [Italian](/it/): *Rosaline*

                ## License

                CC BY-SA.

                """
        )
    }

    @Test("it can be read as an issue, and has no mistakes but what is still to be written")
    func checks() throws {
        let text = try draft(
            [try item("clients", "https://ladder.example/2", "Ladder [2] is <out>")],
            contributors: ["Ben_volio"]
        )
        let name = try #require(IssueFileName("2026-04-05-dispatch.md"))
        let issue = try NewsletterIssue.parse(text, fileName: name, in: Sample.context)
        #expect(issue.warnings.map(\.description) == [])
        let plain = PlainTextRendering(language: "en").text(of: issue.body)
        #expect(plain.contains("Ladder [2] is <out>") || plain.contains("Ladder [2] is `<out>`"))
        let file = CheckFile(path: name.rawValue, name: name, bytes: Array(text.utf8))
        let errors = IssueChecker(settings: CheckSettings(), context: Sample.context).check([file])
            .findings.filter { $0.severity == .error }
        #expect(errors.map(\.description) == [])
    }

    @Test("a newsletter's first issue has the sections it can't do without")
    func first() throws {
        let text = try draft(
            [
                try item(
                    "clients",
                    "https://ladder.example/2",
                    String(repeating: "long ", count: 30)
                )
            ],
            contributors: ["Benvolio"],
            model: nil
        )
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(
            headings == [
                "## XMPP Software News", "### XMPP Clients and Applications",
                "## Newsletter Contributors & Translations", "## License",
            ]
        )
        #expect(text.contains("\n- *Benvolio*\n"))
        #expect(text.contains(" long [ladder.example](https://ladder.example/2)\n"))
    }

    @Test("what became of the specifications stands under the states")
    func specifications() throws {
        let copies = try [1, 2].map { count in
            try SpecificationCopy(
                xml: "<xep-infos>"
                    + (1...count).map { "<xep><number>\($0)</number><title>T\($0)</title></xep>" }
                    .joined() + "</xep-infos>"
            )
        }
        let changes = try SpecificationChanges(from: copies[0], to: copies[1])
        let text = try draft([], specifications: SpecificationSection(changes, base: "/extensions"))
        #expect(
            text.contains("### New\n\n- Version  of [XEP-0002](/extensions/xep-0002.html) (T2)")
        )
        #expect(!text.contains("No new XEPs"))
        #expect(text.contains("- No XEPs deferred this month."))
        let first = try draft([], model: nil, specifications: SpecificationSection(changes))
        #expect(first.contains("### Last Call\n\n- No Last Call this month."))
    }
}
