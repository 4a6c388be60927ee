import Commands
import Issues
import Localization
import Publishing
import Storage

/// `announce ISSUE [LANGUAGE]`: tells of a published issue where it is not delivered.
struct AnnounceCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let announcements: Announcements

    static let declaration = CommandDeclaration(
        "announce",
        summary: .text("announce.summary"),
        parameters: [
            .issue,
            Parameter(
                "language",
                .language,
                isRequired: false,
                summary: .text("announce.language")
            ),
        ],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        examples: ["announce 2026-10", "announce latest de"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
            let language =
                invocation.arguments["language"]?.lowercased()
                ?? issue.desk.newsletter.defaultFeed.language
            guard let record = issue.record(in: language), record.state == .published else {
                return .refused(
                    texts("notPublishedIn", ["issue": issue.id, "languages": language])
                )
            }
            let origin = WorkflowOrigin(invocation)
            let told = try await announcements.make(
                of: record,
                by: origin,
                telling: issue.desk.texts,
                texts
            )
            let later = texts("announce.later", ["issue": issue.id])
            let rooms =
                told.isEmpty ? texts("announce.noRoom") : (told + [later]).joined(separator: "\n")
            let posts = NetworkPost.Network.allCases.map { post(record, for: $0, texts) }
            return .done(([rooms] + posts).joined(separator: "\n\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private func post(
        _ record: PublicationRecord,
        for network: NetworkPost.Network,
        _ texts: Texts
    ) -> String {
        // The lead is title, summary and link, with a blank line between.
        let parts = record.texts.lead.split(separator: "\n\n").map(String.init)
        let link = parts.last?.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        let post = NetworkPost(
            network,
            title: record.title,
            summary: parts.dropFirst().dropLast().joined(separator: "\n\n"),
            link: link
        )
        let head = texts(
            "announce.post",
            ["network": network.rawValue, "length": post.length, "limit": network.limit]
        )
        return "\(head)\n\(post.text)"
    }
}
