import Commands
public import Foundation
public import Storage

/// Remembers the commands that change something, and says them again.
public struct CommandJournal: Sendable {
    private let store: Store
    private let limit: Int
    private let now: @Sendable () -> Date

    /// Keeps the newest `limit` entries.
    public init(store: Store, limit: Int, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.limit = limit
        self.now = now
    }

    /// The command, with each time it is run remembered; one that changes nothing stays as it is.
    func keeping(_ command: Command) -> Command {
        guard command.changesSomething else { return command }
        return command.observed { invocation, outcome in
            guard !invocation.onlyTells else { return }
            let entry = CommandLogEntry(
                date: now(),
                person: invocation.invoker.displayName,
                place: Self.words(for: invocation.face),
                newsletter: invocation.newsletter,
                line: command.line(of: invocation),
                outcome: Self.word(for: outcome)
            )
            // A full disk keeps nobody from hearing what came of a command.
            try? await store.write { try $0.log(entry, keeping: limit) }
        }
    }

    func entries(newsletter: String?, limit: Int) async throws -> [CommandLogEntry] {
        try await store.read { try $0.commandLog(newsletter: newsletter, limit: limit) }
    }

    static func words(for face: Face) -> String {
        switch face {
        case .room(let room): "in \(room)"
        case .chat: "in a chat"
        case .shell: "in the shell"
        case .adHoc: "by a form"
        }
    }

    private static func word(for outcome: CommandOutcome) -> String {
        switch outcome {
        case .done: "done"
        case .refused: "refused"
        case .failed: "failed"
        case .question: "asked back"
        }
    }
}
