import Commands
import Publishing
import Storage

/// `latest [LANGUAGE]`: the newest issue, now.
struct LatestCommand: Sendable {
    let shelf: Shelf
    let store: Store

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
            do {
                return .done(try await run(invocation))
            } catch {
                return .refused("\(error)")
            }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try shelf.newsletter(for: invocation)
        let feed = try shelf.feed(of: newsletter, invocation)
        let publications = try await store.read { transaction in
            try transaction.publications(newsletter: newsletter.name)
        }
        // Ids begin with the date, so the greatest is the newest issue; a translation of an older
        // one may well be published after it.
        let newest =
            publications
            .filter { $0.language == feed.language && $0.state == .published }
            .max { $0.issue < $1.issue }
        guard let newest else {
            throw ReaderProblem.nothingPublished(newsletter, language: feed.language)
        }
        return newest.texts.short
    }
}
