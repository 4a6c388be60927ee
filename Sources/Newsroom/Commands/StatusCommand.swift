import Commands
import Issues
import Localization
import Publishing
import Storage

/// `status [ISSUE]`: whether all is well and what is on its way, or how far one issue is.
struct StatusCommand: Sendable {
    /// More of an issue's history nobody reads in a chat.
    private static let longestHistory = 12

    /// Lines of text in a language; what they say is known to those who wire the service.
    let lines: @Sendable (_ language: String) async throws -> [String]
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook

    static let declaration = CommandDeclaration(
        "status",
        summary: .text("status.summary"),
        parameters: [
            Parameter(
                "issue",
                .issue,
                isRequired: false,
                summary: .text("status.issue")
            )
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["status", "status 2026-10"]
    )

    var command: Command {
        Command(Self.declaration) { invocation, _ in
            do {
                guard invocation.arguments["issue"] != nil else {
                    let all = try await lines(invocation.language) + scheduled(invocation)
                    return .done(all.joined(separator: "\n"))
                }
                return .done(try await report(invocation).joined(separator: "\n"))
            } catch {
                return .failed(invocation.texts.reason(error))
            }
        }
    }

    private func scheduled(_ invocation: CommandInvocation) async throws -> [String] {
        let names = newsdesk.desks(for: invocation.newsletter).map(\.newsletter.name)
        let texts = invocation.texts
        return try await book.scheduled().compactMap { record in
            guard let schedule = record.schedule, names.contains(record.key.newsletter) else {
                return nil
            }
            return texts(
                "status.scheduled",
                [
                    "issue": record.key.issue, "moment": Wording.moment(of: schedule),
                    "person": schedule.person, "place": texts.place(schedule.place),
                ]
            )
        }
    }

    private func report(_ invocation: CommandInvocation) async throws -> [String] {
        let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
        try await book.settle()
        let key = IssueKey(newsletter: issue.desk.newsletter.name, issue: issue.id.rawValue)
        let (workflow, steps) = try await current(key, of: issue)
        let title = issue.records.isEmpty ? "" : " \"\(issue.title)\""
        let texts = invocation.texts
        let due = workflow.schedule.map { schedule in
            let languages = schedule.languages.map { " (\($0.joined(separator: ", ")))" } ?? ""
            let facts: [String: any CustomStringConvertible] = [
                "moment": Wording.moment(of: schedule) + languages, "person": schedule.person,
                "place": texts.place(schedule.place),
            ]
            return " " + texts("status.due", facts)
        }
        let head = "\(issue.id)\(title): \(texts.state(workflow.state))\(due ?? "")."
        let deliveries = try await book.deliveries(of: key).map { $0.line(in: texts) }
        return [head] + deliveries + history(steps, texts)
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

    private func history(_ steps: [WorkflowStep], _ texts: Texts) -> [String] {
        guard !steps.isEmpty else { return [texts("status.noHistory")] }
        let shown = steps.suffix(Self.longestHistory).map { step in
            let place = step.place.isEmpty ? "" : " \(texts.place(step.place))"
            let origin = texts("by", ["person": step.person]) + place
            let moment = Wording.moment(step.date)
            guard step.before != step.after else {
                return "- \(moment) \(step.note ?? ""), \(origin)"
            }
            let note = step.note.map { " (\($0))" } ?? ""
            return "- \(moment) \(texts.state(step.before)) → \(texts.state(step.after)), "
                + "\(origin)\(note)"
        }
        let left = steps.count - shown.count
        let rest = left > 0 ? ["- \(texts("status.before", ["count": left]))"] : []
        return [texts("status.history")] + rest + shown
    }
}
