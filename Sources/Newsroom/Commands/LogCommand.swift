import Commands
import Localization

/// `log`: the last commands that changed something: who, what, when.
struct LogCommand: Sendable {
    private static let shownEntries = 20

    let journal: CommandJournal

    static let declaration = CommandDeclaration(
        "log",
        summary: .text("log.summary"),
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["log"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let entries = try await journal.entries(
                newsletter: invocation.newsletter,
                limit: Self.shownEntries
            )
            guard !entries.isEmpty else { return .done(texts("log.nothing")) }
            let lines = entries.map { entry in
                "- \(Wording.moment(entry.date)) \(entry.person), \(texts.place(entry.place)): "
                    + "\(entry.line) – \(Self.outcome(entry.outcome, texts))"
            }
            return .done(([texts("log.head")] + lines).joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    /// What came of it, of the word that is stored for that.
    private static func outcome(_ stored: String, _ texts: Texts) -> String {
        switch stored {
        case "done": texts("outcome.done")
        case "refused": texts("outcome.refused")
        case "failed": texts("outcome.failed")
        default: texts("outcome.question")
        }
    }
}
