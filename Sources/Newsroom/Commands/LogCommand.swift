import Commands

/// `log`: the last commands that changed something: who, what, when.
struct LogCommand: Sendable {
    private static let shownEntries = 20

    let journal: CommandJournal

    var declaration: Command {
        Command(
            "log",
            summary: "List the last commands that changed something: who, what and when",
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["log"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let entries = try await journal.entries(
                newsletter: invocation.newsletter,
                limit: Self.shownEntries
            )
            guard !entries.isEmpty else { return .done("Nothing has been done yet.") }
            let lines = entries.map { entry in
                "- \(Wording.moment(entry.date)) \(entry.person), \(entry.place): "
                    + "\(entry.line) – \(entry.outcome)"
            }
            return .done((["Newest first, times in UTC:"] + lines).joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }
}
