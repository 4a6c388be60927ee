import Testing

@testable import Issues

/// An issue's headings as sections.
@Suite struct OutlineTests {
    /// `title [id] (sections within)`, a line for each uppermost section.
    private func outline(
        _ body: String,
        language: String? = nil,
        by taxonomy: Taxonomy? = .xmppNewsletter
    ) throws -> [String] {
        func text(_ section: IssueSection) -> String {
            let inner = section.sections.map(text).joined(separator: ", ")
            return "\(section.title) [\(section.id?.rawValue ?? "")]"
                + (inner.isEmpty ? "" : " (\(inner))")
        }
        let context = IssueContext(defaultLanguage: "en", taxonomy: taxonomy)
        let suffix = language.map { ".\($0)" } ?? ""
        let issue = try Sample.issue(body, file: "2026-03-05-dispatch\(suffix).md", in: context)
        return issue.outline.sections.map(text)
    }

    @Test("sections nest as the taxonomy says, at whatever level their headings are")
    func levels() throws {
        let expected = [
            "Software news [software] (Servers [servers], Libraries [libraries])", "News [news]",
        ]
        for body in [
            "## Software news\n### Servers\n### Libraries\n## News",
            "# Software news\n## Servers\n## Libraries\n# News",
            "## Software news\n## Servers\n## Libraries\n## News",
            "## Software news\n#### Servers\n### Libraries\n# News",
        ] {
            #expect(try outline(body) == expected)
        }
    }

    @Test("a section that is opened without the one it belongs to brings that along")
    func missingParent() throws {
        let found = try outline("## Neu\n\nA\n\n## Veraltet\n\nB", language: "de")
        let expected =
            "Erweiterungen und Spezifikationen [specifications] (Neu [new], "
            + "Veraltet [deprecated])"
        #expect(found == [expected])
    }

    @Test("a section opened twice is one, its text in the order of the issue")
    func merged() throws {
        let issue = try Sample.issue("Hello\n\n## Events\n\nA\n\n## News\n\nB\n\n# events:\n\nC")
        let events = try #require(issue.outline["events"])
        #expect(events.headings == [1, 5])
        #expect(events.parts == [2..<3, 6..<7])
        #expect(issue.outline.introduction == [0..<1])
        #expect(issue.contents == ["Events", "News"])
    }

    @Test("a heading nobody knows belongs to the running section, or is one among its equals")
    func unknown() throws {
        let issue = try Sample.issue("## News\n\n### A duel\n\nText\n\n## Weddings\n\n## License")
        #expect(issue.contents == ["News", "Weddings"])
        #expect(issue.outline.entryHeadings == [1])
        #expect(issue.outline["news"]?.parts == [1..<3])
    }

    @Test("a newsletter without a taxonomy has the sections that its levels show")
    func none() throws {
        let found = try outline("# All\n## A\n### a\n## Licence", by: nil)
        #expect(found == ["A []", "Licence []"])
    }

    @Test("a heading that a list swallowed opens its section all the same")
    func inList() throws {
        let issue = try Sample.issue("## News\n\n- one\n- two\n  ### Events\n\n- three\n")
        #expect(issue.contents == ["News", "Events"])
        let lists = issue.body.compactMap { block in
            if case .list(let list) = block.content { list.items.count } else { nil }
        }
        #expect(lists == [2, 1])
    }
}
