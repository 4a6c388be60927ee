import Commands
import Issues
import Publishing
import Storage

/// `status [ISSUE]`: whether all is well and what is on its way, or how far one issue is.
struct StatusCommand: Sendable {
    /// More of an issue's history nobody reads in a chat.
    private static let longestHistory = 12

    /// Lines of text; what they say is known to those who wire the service.
    let lines: @Sendable () async throws -> [String]
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook

    var declaration: Command {
        Command(
            "status",
            summary: "Say whether I am connected and what is on its way, or how far an issue is",
            parameters: [
                Parameter(
                    "issue",
                    .issue,
                    isRequired: false,
                    summary: "Its id, the beginning of it, `latest` or `next`; all if you don't say"
                )
            ],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["status", "status 2026-10"]
        ) { invocation, _ in
            do {
                guard invocation.arguments["issue"] != nil else {
                    let all = try await lines() + scheduled(invocation.newsletter)
                    return .done(all.joined(separator: "\n"))
                }
                return .done(try await report(invocation).joined(separator: "\n"))
            } catch {
                return .failed("\(error)")
            }
        }
    }

    private func scheduled(_ newsletter: String?) async throws -> [String] {
        let names = newsdesk.desks(for: newsletter).map(\.newsletter.name)
        return try await book.scheduled().compactMap { record in
            guard let schedule = record.schedule, names.contains(record.key.newsletter) else {
                return nil
            }
            return "Scheduled: \(record.key.issue) for \(Wording.moment(of: schedule)), "
                + "by \(schedule.person) \(schedule.place)."
        }
    }

    private func report(_ invocation: CommandInvocation) async throws -> [String] {
        let issue = try await newsdesk.issue(
            invocation.issueName,
            newsletter: invocation.newsletter,
            ledger: publisher
        )
        try await book.settle()
        let key = IssueKey(newsletter: issue.desk.newsletter.name, issue: issue.id.rawValue)
        let (workflow, steps) = try await current(key, of: issue)
        let title = issue.records.isEmpty ? "" : " \"\(issue.title)\""
        let due = workflow.schedule.map { schedule in
            let languages = schedule.languages.map { " (\($0.joined(separator: ", ")))" } ?? ""
            return " for \(Wording.moment(of: schedule))\(languages), by \(schedule.person) "
                + schedule.place
        }
        let head = "\(issue.id)\(title): \(workflow.state.rawValue)\(due ?? "")."
        let deliveries = try await book.deliveries(of: key).map(\.line)
        return [head] + deliveries + history(steps)
    }

    /// The files are looked at first: who changed them made the issue a draft again.
    private func current(
        _ key: IssueKey,
        of issue: PublishedIssue
    ) async throws -> (IssueWorkflow, [WorkflowStep]) {
        if let entry = issue.entry {
            let files = issue.desk.fingerprint(of: entry)
            try await book.change(key, by: .service, note: "a file has changed") {
                $0.found(files: files)
            }
        }
        return try await book.story(of: key)
    }

    private func history(_ steps: [WorkflowStep]) -> [String] {
        guard !steps.isEmpty else { return ["Nothing has happened to it here."] }
        let shown = steps.suffix(Self.longestHistory).map { step in
            let place = step.place.isEmpty ? "" : " \(step.place)"
            let moment = Wording.moment(step.date)
            guard step.before != step.after else {
                return "- \(moment) \(step.note ?? ""), by \(step.person)\(place)"
            }
            let note = step.note.map { " (\($0))" } ?? ""
            return "- \(moment) \(step.before.rawValue) → \(step.after.rawValue), "
                + "by \(step.person)\(place)\(note)"
        }
        let left = steps.count - shown.count
        let rest = left > 0 ? ["- … \(left) before that"] : []
        return ["What happened, times in UTC:"] + rest + shown
    }
}
