import Commands
import Issues
import Publishing
import Storage

/// `issues [all]`: what there is and what is published of it.
struct IssuesCommand: Sendable {
    /// How many issues are listed without `all`.
    private static let shortList = 10

    let newsdesk: Newsdesk
    let publisher: Publisher

    var declaration: Command {
        Command(
            "issues",
            aliases: ["list"],
            summary: "List the latest issues, and which languages of them are published",
            parameters: [
                Parameter(
                    "amount",
                    .choice(["all"]),
                    isRequired: false,
                    summary: "`all` lists older ones too"
                )
            ],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["issues", "issues all"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            var lists: [String] = []
            for desk in newsdesk.desks(for: invocation.newsletter) {
                lists.append(try await list(desk, all: invocation.arguments["amount"] != nil))
            }
            return .done(lists.joined(separator: "\n\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    private func list(_ desk: NewsletterDesk, all: Bool) async throws -> String {
        let entries = try desk.catalog().entries
        let publications = try await publisher.publications(of: desk.newsletter)
        let shown = all ? entries[...] : entries.suffix(Self.shortList)
        let lines = shown.reversed().map { line($0, publications) }
        let left = entries.count - shown.count
        let count = Wording.issues(entries.count)
        let head = "\(desk.newsletter.title), \(count), newest first:"
        let tail = left > 0 ? ["… and \(left) older: issues all"] : []
        return entries.isEmpty
            ? "\(desk.newsletter.title): there are no issue files in \(desk.directory.path) yet."
            : ([head] + lines + tail).joined(separator: "\n")
    }

    private func line(_ entry: IssueCatalog.Entry, _ all: [PublicationRecord]) -> String {
        let publications = all.filter { $0.issue == entry.id.rawValue && $0.state == .published }
        let languages = entry.languages.map { language in
            let publication = publications.first { $0.language == language }
            return publication.map { "\(language) published \(Wording.date($0.publishedAt))" }
                ?? "\(language) not published"
        }
        // Two files for one language: nobody should wonder why the second never goes out.
        let unused = entry.surplus.map { "\($0.rawValue) is not used" }
        return "- \(entry.id): \((languages + unused).joined(separator: ", "))"
    }
}
