import Commands
import Issues
import Localization
import Publishing
import Storage

/// `diff ISSUE [LANGUAGE]`: what was published, against the file as it is now.
struct DiffCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher

    static let declaration = CommandDeclaration(
        "diff",
        summary: .text("diff.summary"),
        parameters: [
            .issue,
            Parameter(
                "language",
                .language,
                isRequired: false,
                summary: .text("diff.language")
            ),
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["diff 2026-10", "diff latest de"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
            let languages = invocation.namedLanguages ?? issue.published.map(\.language)
            guard !languages.isEmpty else {
                return .refused(texts("notPublished", ["issue": issue.id]))
            }
            let parts = languages.map { difference(of: issue, in: $0, texts) }
            return .done(parts.joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private func difference(
        of issue: PublishedIssue,
        in language: String,
        _ texts: Texts
    ) -> String {
        guard let record = issue.record(in: language), record.state == .published else {
            return "\(language): \(texts("diff.unpublished"))"
        }
        guard issue.desk.contentHash(of: issue.id, in: language) != record.contentHash else {
            let date = Wording.date(record.updatedAt)
            return "\(language): \(texts("diff.unchanged", ["date": date]))"
        }
        do {
            guard let entry = issue.entry else {
                return "\(language): \(texts("diff.noFile"))"
            }
            let new = try issue.desk.read(entry.id, in: language)
            let link = issue.desk.newsletter.feed(for: language).map {
                publisher.itemURI(of: issue.id, in: $0, of: issue.desk.newsletter)
            }
            let comparison = TextComparison(record.texts.full, new.chatText(.full, link: link))
            guard !comparison.lines.isEmpty else {
                return "\(language): \(texts("diff.invisible"))"
            }
            let head = texts(
                "diff.head",
                ["language": language, "file": new.fileName.rawValue]
            )
            let rest = comparison.rest > 0 ? [texts("more", ["count": comparison.rest])] : []
            return ([head] + comparison.lines + rest).joined(separator: "\n")
        } catch {
            return "\(language): \(texts.reason(error))"
        }
    }
}
