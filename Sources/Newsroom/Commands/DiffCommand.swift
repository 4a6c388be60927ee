import Commands
import Issues
import Publishing
import Storage

/// `diff ISSUE [LANGUAGE]`: what was published, against the file as it is now.
struct DiffCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher

    var declaration: Command {
        Command(
            "diff",
            summary: "Show how the file of an issue differs from what was published",
            parameters: [
                .issue,
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: "One of its languages; all that are published if you don't say"
                ),
            ],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["diff 2026-10", "diff latest de"]
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
            let languages = invocation.namedLanguages ?? issue.published.map(\.language)
            guard !languages.isEmpty else { return .refused("\(issue.id) is not published.") }
            let parts = languages.map { difference(of: issue, in: $0) }
            return .done(parts.joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    private func difference(of issue: PublishedIssue, in language: String) -> String {
        guard let record = issue.record(in: language), record.state == .published else {
            return "\(language): not published."
        }
        guard issue.desk.contentHash(of: issue.id, in: language) != record.contentHash else {
            return "\(language): unchanged since \(Wording.date(record.updatedAt))."
        }
        do {
            guard let entry = issue.entry else { return "\(language): there is no file any more." }
            let new = try issue.desk.read(entry.id, in: language)
            let link = issue.desk.newsletter.feed(for: language).map {
                publisher.itemURI(of: issue.id, in: $0)
            }
            let comparison = TextComparison(record.texts.full, new.chatText(.full, link: link))
            guard !comparison.lines.isEmpty else {
                return "\(language): the file has changed, and the text that readers see has not."
            }
            let head = "\(language), what readers have → \(new.fileName.rawValue):"
            return ([head] + comparison.lines).joined(separator: "\n")
        } catch {
            return "\(language): \(error)"
        }
    }
}
