import Commands
import Localization
import Publishing

/// `last 3 [LANGUAGE]`: the newest issues, each in a few lines.
struct LastCommand: Sendable {
    /// More would be a wall of text in a chat.
    static let most = 20

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "last",
            summary: .text("last.summary"),
            parameters: [
                Parameter("count", .word, summary: .text("last.count")),
                .languageOfReader,
            ],
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["last 3", "last 5 fr"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try await desk.feedToRead(of: newsletter, for: invocation)
        let word = invocation.arguments["count"] ?? ""
        guard let count = Int(word), (1...Self.most).contains(count) else {
            throw ReaderProblem.notANumber(word, most: Self.most)
        }
        let issues = try await desk.issues(of: newsletter, in: feed)
        guard !issues.isEmpty else {
            throw ReaderProblem.nothingPublished(newsletter, language: feed.language)
        }
        return issues.prefix(count).map(\.texts.link).joined(separator: "\n\n")
    }
}

extension Parameter {
    /// The language of what a reader asks for.
    static let languageOfReader = Parameter(
        "language",
        .language,
        isRequired: false,
        summary: .text("language.orOwn")
    )
}
