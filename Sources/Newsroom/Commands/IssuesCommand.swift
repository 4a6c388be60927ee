import Commands
import Issues
import Localization
import Publishing
import Storage

/// `issues [all]`: what there is and what is published of it.
struct IssuesCommand: Sendable {
    /// How many issues are listed without `all`.
    private static let shortList = 10

    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook

    static let declaration = CommandDeclaration(
        "issues",
        aliases: ["list"],
        summary: .text("issues.summary"),
        parameters: [
            Parameter(
                "amount",
                .choice(["all"]),
                isRequired: false,
                summary: .text("issues.amount")
            )
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["issues", "issues all"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            var lists: [String] = []
            let all = invocation.arguments["amount"] != nil
            for desk in newsdesk.desks(for: invocation.newsletter) {
                lists.append(try await list(desk, all: all, texts))
            }
            return .done(lists.joined(separator: "\n\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private func list(
        _ desk: NewsletterDesk,
        all: Bool,
        _ texts: Texts
    ) async throws -> String {
        let entries = try desk.catalog().entries
        let publications = try await publisher.publications(of: desk.newsletter)
        let shown = all ? entries[...] : entries.suffix(Self.shortList)
        let title = desk.newsletter.title
        guard !entries.isEmpty else {
            return texts("issues.none", ["newsletter": title, "folder": desk.directory.path])
        }
        let states = try await book.workflows(of: shown.map { desk.key(of: $0) })
        let lines = shown.reversed().map { entry in
            line(entry, publications, texts) + state(states[desk.key(of: entry)], texts)
        }
        let left = entries.count - shown.count
        let head = texts("issues.head", count: entries.count, ["newsletter": title])
        let tail = left > 0 ? [texts("issues.more", ["count": left])] : []
        return ([head] + lines + tail).joined(separator: "\n")
    }

    /// How far it is, where the languages do not tell already.
    private func state(_ workflow: IssueWorkflow?, _ texts: Texts) -> String {
        switch workflow?.state {
        case .draft, .published, nil: return ""
        case .checked, .inReview, .approved, .scheduled, .publishing, .corrected, .retracted:
            let due = workflow?.schedule.map { ", \(Wording.moment(of: $0))" } ?? ""
            return workflow.map { " – \(texts.state($0.state))\(due)" } ?? ""
        }
    }

    private func line(
        _ entry: IssueCatalog.Entry,
        _ all: [PublicationRecord],
        _ texts: Texts
    ) -> String {
        let publications = all.filter { $0.issue == entry.id.rawValue && $0.state == .published }
        let languages = entry.languages.map { language in
            let state =
                publications.first { $0.language == language }
                .map { texts("published", ["date": Wording.date($0.publishedAt)]) }
            return "\(language) \(state ?? texts("published.not"))"
        }
        // Two files for one language: nobody should wonder why the second never goes out.
        let unused = entry.surplus.map { texts("issues.unused", ["file": $0.rawValue]) }
        return "- \(entry.id): \((languages + unused).joined(separator: ", "))"
    }
}
