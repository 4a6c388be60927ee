import Testing

@testable import Issues

/// Short issues of a newsletter from Verona.
enum Sample {
    static let context = IssueContext(
        defaultLanguage: "en",
        site: WebSite(base: "https://dispatch.verona.example/", defaultLanguage: "en")
    )

    /// Reads an issue's text under a front matter that has nothing wrong with it.
    static func issue(
        _ body: String,
        file: String = "2026-03-05-dispatch.md",
        in context: IssueContext = context
    ) throws -> NewsletterIssue {
        let name = try #require(IssueFileName(file))
        let head = "---\ntitle: The Verona Dispatch\ndate: 2026-03-05\n---\n"
        return try NewsletterIssue.parse(head + body, fileName: name, in: context)
    }

    /// What is said of a file that can't be read; empty if it can.
    static func errors(
        _ text: String,
        file: String = "2026-03-05-dispatch.md"
    ) throws -> [String] {
        let name = try #require(IssueFileName(file))
        do {
            _ = try NewsletterIssue.parse(text, fileName: name, in: context)
            return []
        } catch {
            return error.findings.map(\.description)
        }
    }

    static func entry(of issue: NewsletterIssue) -> AtomEntry {
        AtomEntry(
            of: issue,
            id: "tag:verona.example,2026-03-05:dispatch/\(issue.id)/\(issue.language)",
            published: "2026-03-05T09:00:00Z",
            updated: "2026-03-06T10:30:00Z",
            author: AtomEntry.Author(
                name: "Friar Laurence",
                uri: "xmpp:dispatch@news.verona.example"
            ),
            rights: "CC BY-SA 4.0",
            itemAddress: "xmpp:news.verona.example?;node=dispatch-en;item=\(issue.id)",
            translations: [
                AtomEntry.Translation(language: "it", address: "https://verona.example/it/")
            ]
        )
    }
}
