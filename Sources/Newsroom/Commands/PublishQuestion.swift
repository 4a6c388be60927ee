import Commands
import Issues
import Localization

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
            let issue = try? await newsdesk.issue(for: invocation, ledger: timetable.publisher),
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
        let texts = invocation.texts
        let kept = readings.compactMap { $0.complaint(in: texts) }
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
        ).question(isForNow: time == nil, texts)
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

        func question(isForNow: Bool, _ texts: Texts) -> String? {
            let facts: [String: any CustomStringConvertible] = [
                "languages": ready.joined(separator: ", "), "issue": issue,
            ]
            let question: String? =
                if !orphan.isEmpty {
                    isForNow ? texts("publish.askOrphan") : texts("schedule.askOrphan")
                } else if !kept.isEmpty {
                    isForNow
                        ? texts("publish.askWithout", facts) : texts("schedule.askWithout", facts)
                } else if !warnings.isEmpty {
                    isForNow
                        ? texts("publish.askWarned", facts) : texts("schedule.askWarned", facts)
                } else {
                    nil
                }
            return question.map { (findings(texts) + [$0]).joined(separator: "\n") }
        }

        private func findings(_ texts: Texts) -> [String] {
            var lines: [String] = []
            if !orphan.isEmpty {
                let languages = orphan.joined(separator: ", ")
                lines.append(
                    texts("publish.noOriginal", ["issue": issue, "languages": languages])
                )
            }
            if !kept.isEmpty { lines += [texts("publish.kept")] + kept }
            if !warnings.isEmpty {
                lines.append(texts("publish.warned", ["counts": texts.warnings(warnings)]))
                lines += samples(texts)
            }
            return lines
        }

        /// One warning of each kind, as many as fit.
        private func samples(_ texts: Texts) -> [String] {
            let all = warnings.flatMap { found in found.findings.map { (found.language, $0) } }
            var kinds: Set<IssueRule> = []
            let firsts = all.filter { kinds.insert($0.1.rule).inserted }
            let shown = firsts.prefix(PublishQuestion.mostWarnings).map { language, finding in
                let line = texts("publish.line", ["line": finding.place.line])
                let sentence = texts.sentence(on: finding)
                return "- \(language), \(line): \(sentence) [\(finding.rule.rawValue)]"
            }
            let left = all.count - shown.count
            let rest = texts("publish.moreWarnings", ["count": left, "issue": issue])
            return shown + (left > 0 ? [rest] : [])
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
