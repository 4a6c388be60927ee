import Testing

@testable import Issues

@Suite struct IssueFileNameTests {
    @Test(
        "the name says issue, language and date",
        arguments: [
            ("2024-02-05-newsletter.md", "2024-02-05-newsletter", nil),
            ("2024-02-05-newsletter.fr.md", "2024-02-05-newsletter", "fr"),
            ("2024-02-05-newsletter.pt-br.md", "2024-02-05-newsletter", "pt-br"),
            ("2024-02-05-newsletter.PT-BR.md", "2024-02-05-newsletter", "pt-br"),
            ("2024-12-05_newsletter.de.md", "2024-12-05_newsletter", "de"),
            ("spring.md", "spring", nil),
            ("release-1.2.md", "release-1.2", nil),
            ("news.v2.de.md", "news.v2", "de"),
        ] as [(String, IssueID, String?)]
    )
    func parts(name: String, issue: IssueID, language: String?) throws {
        let file = try #require(IssueFileName(name))
        #expect(file.issue == issue)
        #expect(file.language == language)
        #expect(file.rawValue == name)
    }

    @Test(
        "what is no issue has no such name",
        arguments: [
            "README.md", "README.de.md", "_index.md", "_index.de.md", ".hidden.md", "notes.txt",
            ".md", "a/b.md",
            "2024-02-05-newsletter.md~",
        ]
    )
    func others(name: String) {
        #expect(IssueFileName(name) == nil)
    }

    @Test("only days of the calendar are dates")
    func dates() {
        #expect(IssueDate("2024-02-29")?.description == "2024-02-29")
        #expect(IssueDate("2023-02-29") == nil)
        #expect(IssueDate("1900-02-29") == nil)
        #expect(IssueDate("2024-13-01") == nil)
        #expect(IssueDate("2024-04-31") == nil)
        #expect(IssueDate("2024-2-5") == nil)
        #expect(IssueDate("2024-02-055") == nil)
        #expect(IssueDate("2024-02-05T10:00:00Z") == IssueDate(year: 2024, month: 2, day: 5))
        #expect(IssueFileName("2024-02-30-news.md")?.date == nil)
        #expect(IssueFileName("2024-12-05_news.md")?.date?.description == "2024-12-05")
    }
}
