import Commands
import Issues
import Localization
import Publishing
import Storage
import XMPP

/// `retract ISSUE [LANGUAGE…]`: takes back what is published, and tells its readers.
struct RetractCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook
    let announcements: Announcements
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    var declaration: Command {
        Command(
            "retract",
            aliases: ["withdraw"],
            summary: .text("retract.summary"),
            parameters: [.issue, .languages],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            confirmation: { await question($0) },
            examples: ["retract 2026-10", "retract 2026-10 de"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func issue(of invocation: CommandInvocation) async throws -> PublishedIssue {
        try await newsdesk.issue(
            invocation.issueName,
            newsletter: invocation.newsletter,
            ledger: publisher
        )
    }

    private func meant(by invocation: CommandInvocation, _ issue: PublishedIssue)
        -> [PublicationRecord]
    {
        let languages = invocation.namedLanguages
        return issue.published.filter { languages?.contains($0.language) ?? true }
    }

    /// Nil where nothing would happen, which is said without asking.
    private func question(_ invocation: CommandInvocation) async -> String? {
        guard let issue = try? await issue(of: invocation) else { return nil }
        let records = meant(by: invocation, issue)
        guard let first = records.first else { return nil }
        let languages = records.map(\.language).joined(separator: ", ")
        return invocation.texts(
            "retract.question",
            ["title": first.title, "issue": issue.id, "languages": languages]
        )
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await issue(of: invocation)
            guard !meant(by: invocation, issue).isEmpty else {
                let named = invocation.namedLanguages?.joined(separator: ", ")
                return .refused(
                    named.map {
                        texts("notPublishedIn", ["issue": issue.id, "languages": $0])
                    } ?? texts("notPublished", ["issue": issue.id])
                )
            }
            let newsletter = issue.desk.newsletter
            let key = IssueKey(newsletter: newsletter.name, issue: issue.id.rawValue)
            let (book, origin) = (book, WorkflowOrigin(invocation))
            let retractions = try await publisher.retract(
                issue.id,
                in: invocation.namedLanguages,
                of: newsletter,
                by: origin.person,
                alongside: { _, transaction in
                    let left = try transaction.publications(newsletter: key.newsletter)
                        .filter { $0.issue == key.issue && $0.state == .published }
                    try book.change(key, by: origin, in: transaction) {
                        $0.retract(isWhole: left.isEmpty)
                    }
                },
                message: { title, language in
                    EditorialNotice.withdrawal(title: title).text(in: language)
                }
            )
            await wake()
            let lines = retractions.map { retraction in
                texts.item(
                    issue.id,
                    in: retraction.node,
                    texts("retract.told", count: retraction.readers + retraction.otherReaders)
                        + texts.topicReaders(retraction.topicReaders)
                )
            }
            var rooms: [String] = []
            for retraction in retractions {
                rooms += try await announcements.retract(
                    key,
                    titled: retraction.title,
                    in: retraction.language,
                    texts
                )
            }
            let head = texts(
                "retract.head",
                ["title": retractions.first?.title ?? issue.title]
            )
            return .done(([head] + lines + rooms).joined(separator: "\n"))
        } catch {
            return .failed("\(texts("retract.nothing")) \(texts.reason(error))")
        }
    }
}
