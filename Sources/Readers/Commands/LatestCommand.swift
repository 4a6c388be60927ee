import Commands
import Publishing
import Storage

/// `latest [LANGUAGE]`: the newest issue, now.
struct LatestCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "latest",
            aliases: ["newest"],
            summary: "Read the newest issue now",
            parameters: [
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: "A language the newsletter appears in; its own if you don't say"
                )
            ],
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["latest", "latest fr"]
        ) { invocation, _ in
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try desk.feed(of: newsletter, for: invocation)
        let issues = try await desk.issues(of: newsletter, in: feed)
        guard let newest = issues.first else {
            throw ReaderProblem.nothingPublished(newsletter, language: feed.language)
        }
        return newest.texts.short
    }
}
