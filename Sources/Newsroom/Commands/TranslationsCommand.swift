import Commands
import Issues
import Publishing
import Storage

/// `translations ISSUE`: which languages an issue is in, and which lag behind the original.
struct TranslationsCommand: Sendable {
    private static let drift: Set<IssueRule> = [
        .titleUntranslated, .driftSpecifications, .driftFigures, .driftLinks, .driftSections,
    ]

    let newsdesk: Newsdesk
    let publisher: Publisher

    var declaration: Command {
        Command(
            "translations",
            summary: "Say which languages an issue is in, in draft or out, and which lag behind",
            parameters: [.issue],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["translations 2026-10"]
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
            let original = issue.desk.newsletter.defaultFeed.language
            let feeds = issue.desk.newsletter.languages
            let others = feeds + issue.languages.filter { !feeds.contains($0) }
            let findings =
                issue.entry.map { issue.desk.check($0, in: issue.languages).findings } ?? []
            let lines = others.filter { $0 != original }.map { language in
                line(language, of: issue, original, findings)
            }
            let head = "\(issue.id), original in \(original): \(state(original, of: issue))."
            guard !lines.isEmpty else {
                return .done("\(head)\n\(issue.desk.newsletter.title) has no other language.")
            }
            return .done(([head] + lines).joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    private func line(
        _ language: String,
        of issue: PublishedIssue,
        _ original: String,
        _ findings: [IssueFinding]
    ) -> String {
        let lag = lag(language, behind: original, of: issue, findings)
        let parts = [state(language, of: issue)] + lag
        return "- \(language): \(parts.joined(separator: "; "))"
    }

    private func state(_ language: String, of issue: PublishedIssue) -> String {
        let hasFile = issue.entry?.files[language] != nil
        let record = issue.record(in: language)
        let noNode = issue.desk.newsletter.feed(for: language) == nil ? ", with no node for it" : ""
        switch record?.state {
        case .published: return "published \(Wording.date(record?.publishedAt ?? .distantPast))"
        case .retracted where !hasFile: return "withdrawn"
        case .retracted, nil: return hasFile ? "in draft\(noNode)" : "none"
        }
    }

    /// In what the translation is behind its original.
    private func lag(
        _ language: String,
        behind original: String,
        of issue: PublishedIssue,
        _ findings: [IssueFinding]
    ) -> [String] {
        var parts: [String] = []
        if let here = issue.record(in: language), let there = issue.record(in: original),
            here.state == .published, there.state == .published, there.updatedAt > here.updatedAt,
            there.updatedAt > there.publishedAt
        {
            parts.append("the original was corrected since, on \(Wording.date(there.updatedAt))")
        }
        let file = issue.entry?.files[language]?.rawValue
        let drift = findings.count { finding in
            finding.fileName == file && Self.drift.contains(finding.rule)
        }
        if drift > 0 {
            let count = Wording.count(drift, "difference")
            parts.append("\(count) from the original: “check \(issue.id) \(language)”")
        }
        return parts
    }
}
