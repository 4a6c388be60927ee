import Commands
import Issues
import Publishing
import Storage

/// `show ISSUE`: how each language of an issue stands, and what happened to it.
struct ShowCommand: Sendable {
    /// More of an issue's history nobody reads in a chat.
    private static let longestHistory = 10

    let newsdesk: Newsdesk
    let publisher: Publisher

    var declaration: Command {
        Command(
            "show",
            summary: "Say how an issue stands: its files, what is published, what changed since",
            parameters: [.issue],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["show 2026-10", "show latest"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let issue = try await newsdesk.issue(
                invocation.issueName,
                newsletter: invocation.newsletter,
                ledger: publisher
            )
            let readers = try await publisher.readers(of: issue.desk.newsletter)
            let title = issue.records.isEmpty ? "" : " \"\(issue.title)\""
            let head = "\(issue.id)\(title), \(issue.desk.newsletter.title):"
            let states = issue.languages.map { state(of: issue, in: $0, readers) }
            let history = try await publisher.history(of: issue.id, of: issue.desk.newsletter)
            return .done(([head] + states + lines(history)).joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    private func state(
        of issue: PublishedIssue,
        in language: String,
        _ readers: [Publisher.FeedReaders]
    ) -> String {
        let file = issue.entry?.files[language]
        let hash = file.flatMap { _ in issue.desk.contentHash(of: issue.id, in: language) }
        let feed = readers.first { $0.feed.language == language }
        let parts = [
            file?.rawValue ?? "no file",
            Self.words(for: issue.record(in: language), hash: hash),
            feed.map { Wording.readers($0.subscribed) } ?? "no node for this language",
        ]
        return "- \(language): \(parts.joined(separator: "; "))"
    }

    private static func words(for record: PublicationRecord?, hash: String?) -> String {
        guard let record else { return "not published" }
        let first = "published \(Wording.date(record.publishedAt))"
        switch record.state {
        case .retracted:
            return "\(first), withdrawn \(Wording.date(record.updatedAt))"
        case .published:
            let corrected =
                record.updatedAt > record.publishedAt
                ? ", corrected \(Wording.date(record.updatedAt))" : ""
            let changed =
                hash.map { $0 == record.contentHash ? ", unchanged since" : ", changed since" }
                ?? ""
            return first + corrected + changed
        }
    }

    private func lines(_ history: [PublicationVersion]) -> [String] {
        guard history.contains(where: { $0.kind != .published }) else { return [] }
        let shown = history.suffix(Self.longestHistory).map { version in
            let person = version.person.map { " by \($0)" } ?? ""
            let note = version.note.map { ": \($0)" } ?? ""
            let kind = version.kind == .retracted ? "withdrawn" : version.kind.rawValue
            return "- \(Wording.moment(version.date)) \(version.language) \(kind)\(person)\(note)"
        }
        return ["What happened:"] + shown
    }
}
