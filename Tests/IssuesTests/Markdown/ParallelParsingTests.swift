import Testing
import XML

@testable import Issues

@Suite("Parsing in parallel")
struct ParallelParsingTests {
    private static let paragraph = "See www.verona.example, ~~that~~, a@b.example.\n\n"

    /// cmark-gfm keeps tables that all its parsers share.
    @Test("issues that are read at the same time come out as they do one by one")
    func parallel() async throws {
        let text = """
            ---
            title: News
            date: 2026-11-21
            ---

            """ + String(repeating: Self.paragraph, count: 200)
        let name = try #require(IssueFileName("2026-11-21-news.md"))
        let context = IssueContext(defaultLanguage: "en")
        let alone = try NewsletterIssue.parse(text, fileName: name, in: context)
        let together = try await withThrowingTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { try NewsletterIssue.parse(text, fileName: name, in: context) }
            }
            return try await group.reduce(into: [NewsletterIssue]()) { $0.append($1) }
        }
        #expect(together.count == 64)
        #expect(together.allSatisfy { $0.body == alone.body })
    }
}
