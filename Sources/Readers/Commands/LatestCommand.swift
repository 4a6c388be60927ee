import Commands
import Localization
import Publishing
import Storage

/// `latest [LANGUAGE]`: the newest issue, now.
struct LatestCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "latest",
            aliases: ["newest"],
            summary: .text("latest.summary"),
            parameters: [
                .languageOfReader
            ],
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["latest", "latest fr"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try await desk.feedToRead(of: newsletter, for: invocation)
        let issues = try await desk.issues(of: newsletter, in: feed)
        guard let newest = issues.first else {
            throw ReaderProblem.nothingPublished(newsletter, language: feed.language)
        }
        return newest.texts.short
    }
}
