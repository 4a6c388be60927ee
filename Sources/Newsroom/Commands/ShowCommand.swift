import Commands
import Issues
import Localization
import Publishing
import Storage

/// `show ISSUE`: how each language of an issue stands, and what happened to it.
struct ShowCommand: Sendable {
    /// More of an issue's history nobody reads in a chat.
    private static let longestHistory = 10

    let newsdesk: Newsdesk
    let publisher: Publisher

    static let declaration = CommandDeclaration(
        "show",
        summary: .text("show.summary"),
        parameters: [.issue],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["show 2026-10", "show latest"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
            let readers = try await publisher.readers(of: issue.desk.newsletter)
            let title = issue.records.isEmpty ? "" : " \"\(issue.title)\""
            let head = "\(issue.id)\(title), \(issue.desk.newsletter.title):"
            let states = issue.languages.map { state(of: issue, in: $0, readers, texts) }
            let history = try await publisher.history(of: issue.id, of: issue.desk.newsletter)
            return .done(([head] + states + lines(history, texts)).joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private func state(
        of issue: PublishedIssue,
        in language: String,
        _ readers: [Publisher.FeedReaders],
        _ texts: Texts
    ) -> String {
        let file = issue.entry?.files[language]
        let hash = file.flatMap { _ in issue.desk.contentHash(of: issue.id, in: language) }
        let feed = readers.first { $0.feed.language == language }
        let parts = [
            file?.rawValue ?? texts("show.noFile"),
            Self.words(for: issue.record(in: language), hash: hash, texts),
            feed.map { texts.readers($0.subscribed) } ?? texts("show.noNode"),
        ]
        return "- \(language): \(parts.joined(separator: "; "))"
    }

    private static func words(
        for record: PublicationRecord?,
        hash: String?,
        _ texts: Texts
    ) -> String {
        guard let record else { return texts("published.not") }
        let first = texts("published", ["date": Wording.date(record.publishedAt)])
        let date = Wording.date(record.updatedAt)
        switch record.state {
        case .retracted:
            return "\(first), \(texts("show.withdrawn", ["date": date]))"
        case .published:
            let corrected =
                record.updatedAt > record.publishedAt
                ? texts("show.corrected", ["date": date]) : nil
            let changed = hash.map {
                $0 == record.contentHash ? texts("show.unchanged") : texts("show.changed")
            }
            return [first, corrected, changed].compactMap { $0 }.joined(separator: ", ")
        }
    }

    private func lines(_ history: [PublicationVersion], _ texts: Texts) -> [String] {
        guard history.contains(where: { $0.kind != .published }) else { return [] }
        let shown = history.suffix(Self.longestHistory).map { version in
            let kind = texts("version.\(version.kind.rawValue)")
            let person = version.person.map { " " + texts("by", ["person": $0]) } ?? ""
            let note = version.note.map { ": \($0)" } ?? ""
            return "- \(Wording.moment(version.date)) \(version.language) \(kind)\(person)\(note)"
        }
        return [texts("show.history")] + shown
    }
}
