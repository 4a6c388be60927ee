import Commands
import Issues
import Localization
import Publishing
import Storage

/// `translations ISSUE`: which languages an issue is in, and which lag behind the original.
struct TranslationsCommand: Sendable {
    private static let drift: Set<IssueRule> = [
        .titleUntranslated, .driftSpecifications, .driftFigures, .driftLinks, .driftSections,
    ]

    let newsdesk: Newsdesk
    let publisher: Publisher

    static let declaration = CommandDeclaration(
        "translations",
        summary: .text("translations.summary"),
        parameters: [.issue],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["translations 2026-10"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
            let original = issue.desk.newsletter.defaultFeed.language
            let feeds = issue.desk.newsletter.languages
            let others = feeds + issue.languages.filter { !feeds.contains($0) }
            let findings =
                issue.entry.map { issue.desk.check($0, in: issue.languages).findings } ?? []
            let lines = others.filter { $0 != original }.map { language in
                line(language, of: issue, original, findings, texts)
            }
            let head = texts(
                "translations.head",
                [
                    "issue": issue.id, "language": original,
                    "state": state(original, of: issue, texts),
                ]
            )
            guard !lines.isEmpty else {
                let alone = texts(
                    "translations.none",
                    ["newsletter": issue.desk.newsletter.title]
                )
                return .done("\(head)\n\(alone)")
            }
            return .done(([head] + lines).joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private func line(
        _ language: String,
        of issue: PublishedIssue,
        _ original: String,
        _ findings: [IssueFinding],
        _ texts: Texts
    ) -> String {
        let lag = lag(language, behind: original, of: issue, findings, texts)
        let parts = [state(language, of: issue, texts)] + lag
        return "- \(language): \(parts.joined(separator: "; "))"
    }

    private func state(
        _ language: String,
        of issue: PublishedIssue,
        _ texts: Texts
    ) -> String {
        let hasFile = issue.entry?.files[language] != nil
        let record = issue.record(in: language)
        let hasNode = issue.desk.newsletter.feed(for: language) != nil
        switch record?.state {
        case .published:
            let date = Wording.date(record?.publishedAt ?? .distantPast)
            return texts("published", ["date": date])
        case .retracted where !hasFile: return texts("translations.withdrawn")
        case .retracted, nil:
            guard hasFile else { return texts("translations.missing") }
            return hasNode ? texts("translations.draft") : texts("translations.draftNoNode")
        }
    }

    /// In what the translation is behind its original.
    private func lag(
        _ language: String,
        behind original: String,
        of issue: PublishedIssue,
        _ findings: [IssueFinding],
        _ texts: Texts
    ) -> [String] {
        var parts: [String] = []
        if let here = issue.record(in: language), let there = issue.record(in: original),
            here.state == .published, there.state == .published, there.updatedAt > here.updatedAt,
            there.updatedAt > there.publishedAt
        {
            let date = Wording.date(there.updatedAt)
            parts.append(texts("translations.corrected", ["date": date]))
        }
        let file = issue.entry?.files[language]?.rawValue
        let drift = findings.count { finding in
            finding.fileName == file && Self.drift.contains(finding.rule)
        }
        if drift > 0 {
            parts.append(
                texts(
                    "translations.drift",
                    count: drift,
                    ["issue": issue.id, "language": language]
                )
            )
        }
        return parts
    }
}
