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

    static let declaration = CommandDeclaration(
        "retract",
        aliases: ["withdraw"],
        summary: .text("retract.summary"),
        parameters: [.issue, .languages],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        asks: true,
        examples: ["retract 2026-10", "retract 2026-10 de"]
    )

    var command: Command {
        Command(
            Self.declaration,
            confirmation: { await question($0) },
            answer: run
        )
    }

    private func issue(of invocation: CommandInvocation) async throws -> PublishedIssue {
        try await newsdesk.issue(for: invocation, ledger: publisher)
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
            let languages = invocation.namedLanguages
            let told = try await announcements.made(of: issue.key, in: languages)
            guard !meant(by: invocation, issue).isEmpty || !told.isEmpty else {
                let named = languages?.joined(separator: ", ")
                return .refused(
                    named.map {
                        texts("notPublishedIn", ["issue": issue.id, "languages": $0])
                    } ?? texts("notPublished", ["issue": issue.id])
                )
            }
            let retractions = try await withdraw(issue, invocation)
            let title = retractions.first?.title ?? issue.title
            let lines = retractions.map { retraction in
                texts.item(
                    issue.id,
                    in: retraction.node,
                    texts("retract.told", count: retraction.readers + retraction.otherReaders)
                        + texts.topicReaders(retraction.topicReaders)
                )
            }
            let note = lines.isEmpty ? [] : texts.engineNote(issue.desk.newsletter)
            let rooms = await tellRooms(of: issue, invocation)
            let head = texts("retract.head", ["title": title])
            return .done(([head] + lines + note + rooms).joined(separator: "\n"))
        } catch {
            return .failed("\(texts("retract.nothing")) \(texts.reason(error))")
        }
    }

    /// Takes back what is still published of it; where nothing is, nothing happens.
    private func withdraw(
        _ issue: PublishedIssue,
        _ invocation: CommandInvocation
    ) async throws -> [Publisher.Retraction] {
        guard !meant(by: invocation, issue).isEmpty else { return [] }
        let (book, origin, key) = (book, WorkflowOrigin(invocation), issue.key)
        let retractions = try await publisher.retract(
            issue.id,
            in: invocation.namedLanguages,
            of: issue.desk.newsletter,
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
        return retractions
    }

    /// A line for each room that was told; whatever fails there, the issue is withdrawn.
    private func tellRooms(
        of issue: PublishedIssue,
        _ invocation: CommandInvocation
    ) async -> [String] {
        let texts = invocation.texts
        do {
            var lines: [String] = []
            for announcement in try await announcements.made(
                of: issue.key,
                in: invocation.namedLanguages
            ) {
                let title = issue.record(in: announcement.language)?.title ?? issue.title
                lines.append(await announcements.retract(announcement, titled: title, texts))
            }
            return lines
        } catch {
            return [texts.reason(error)]
        }
    }
}

extension PublishedIssue {
    fileprivate var key: IssueKey {
        IssueKey(newsletter: desk.newsletter.name, issue: id.rawValue)
    }
}
