import Commands
import Issues

/// What `publish` and `schedule` ask if the checks find something in what is to go out.
struct PublishQuestion: Sendable {
    /// So many warnings, each of another kind, tell what to expect; all would bury the question.
    private static let mostWarnings = 3

    let newsdesk: Newsdesk
    let timetable: Timetable

    /// The question; nil if there is nothing to ask, or if the command fails whatever the answer.
    ///
    /// - Parameters:
    ///   - invocation: The command.
    ///   - time: When the issue is to go out, as somebody wrote it; nil for now.
    /// - Returns: Some lines, the last of which asks.
    func text(for invocation: CommandInvocation, at time: String?) async -> String? {
        guard
            let issue = try? await newsdesk.issue(
                invocation.issueName,
                newsletter: invocation.newsletter,
                ledger: timetable.publisher
            ),
            let entry = issue.entry
        else { return nil }
        let (desk, published) = (issue.desk, issue.published.map(\.language))
        let own = issue.languages.filter {
            entry.languages.contains($0) && desk.newsletter.feed(for: $0) != nil
        }
        let named = invocation.namedLanguages
        let languages = (named ?? own).withoutRepeats.filter { !published.contains($0) }
        let report = desk.check(entry, in: languages)
        let readings = desk.readings(of: entry, in: languages, found: report)
        let kept = readings.compactMap(\.complaint)
        let ready = readings.compactMap { $0.issue?.language }
        // Who names languages is told at once if one of them can't go out.
        guard !ready.isEmpty, named == nil || kept.isEmpty,
            await timetable.allows(ready, of: issue, entry, for: invocation, at: time)
        else { return nil }
        let hasOriginal = entry.files[desk.newsletter.defaultFeed.language] != nil
        return Findings(
            issue: issue.id.rawValue,
            orphan: published.isEmpty && !hasOriginal ? entry.languages : [],
            kept: kept,
            ready: ready,
            warnings: report.warnings(of: entry, in: ready)
        ).question(verb: time == nil ? "Publish" : "Schedule")
    }
}

extension PublishQuestion {
    /// What was found in an issue that is to go out.
    private struct Findings {
        let issue: String
        /// The languages of an issue that looks like a translation without original.
        let orphan: [String]
        /// Why some languages can't go out.
        let kept: [String]
        /// Those that can.
        let ready: [String]
        let warnings: [LanguageWarnings]

        func question(verb: String) -> String? {
            let languages = ready.joined(separator: ", ")
            let question: String? =
                if !orphan.isEmpty {
                    "\(verb) it as an issue of its own?"
                } else if !kept.isEmpty {
                    "\(verb) \(languages) of \(issue) without it?"
                } else if !warnings.isEmpty {
                    "\(verb) \(languages) of \(issue) all the same?"
                } else {
                    nil
                }
            return question.map { lines(before: $0).joined(separator: "\n") }
        }

        private func lines(before question: String) -> [String] {
            var lines: [String] = []
            if !orphan.isEmpty {
                lines.append(
                    "\(issue) has no original, only \(orphan.joined(separator: ", ")). "
                        + "A translation bears the name of its original."
                )
            }
            if !kept.isEmpty { lines += ["Errors keep this back:"] + kept }
            if !warnings.isEmpty { lines += ["Warnings: \(Wording.warnings(warnings))."] + samples }
            return lines + [question]
        }

        /// One warning of each kind, as many as fit.
        private var samples: [String] {
            let all = warnings.flatMap { found in found.findings.map { (found.language, $0) } }
            var kinds: Set<IssueRule> = []
            let firsts = all.filter { kinds.insert($0.1.rule).inserted }
            let shown = firsts.prefix(PublishQuestion.mostWarnings).map { language, finding in
                "- \(language), line \(finding.place.line): \(finding.message) "
                    + "[\(finding.rule.rawValue)]"
            }
            let left = all.count - shown.count
            return shown + (left > 0 ? ["… and \(left) more; “check \(issue)” shows them."] : [])
        }
    }
}

/// The warnings about the file of one language.
struct LanguageWarnings {
    let language: String
    let findings: [IssueFinding]
}

extension CheckReport {
    /// The warnings about the issue's files, without languages that have none.
    func warnings(of entry: IssueCatalog.Entry, in languages: [String]) -> [LanguageWarnings] {
        languages.compactMap { language in
            let file = entry.files[language]?.rawValue
            let found = findings.filter { $0.severity == .warning && $0.fileName == file }
            return found.isEmpty ? nil : LanguageWarnings(language: language, findings: found)
        }
    }
}
