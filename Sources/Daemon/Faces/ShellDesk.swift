import Commands
import Foundation
import Logging

/// The commands that come through the control socket.
///
/// Who may open it is an operator.
struct ShellDesk: Sendable {
    let registry: CommandRegistry
    let logger: Logger

    func answer(
        _ request: ControlRequest,
        say: @escaping @Sendable (ControlReply) async -> Void
    ) async -> ControlReply {
        let line = request.words.map(Self.quoted).joined(separator: " ")
        let outcome = await registry.perform(
            line,
            by: Invoker(role: .operator, jid: nil, displayName: "the shell"),
            on: .shell,
            language: request.language,
            consent: request.consent,
            responder: ShellResponder(say: say)
        )
        guard let outcome else { return ControlReply(.refused, "There was no command.") }
        logger.info(
            "Command",
            metadata: ["by": "shell", "line": "\(line.prefix(200))", "outcome": "\(outcome.word)"]
        )
        return ControlReply(outcome)
    }

    /// A word as the registry reads it back as one.
    private static func quoted(_ word: String) -> String {
        word.contains { $0.isWhitespace } ? "\"\(word)\"" : word
    }
}

private struct ShellResponder: CommandResponder {
    let say: @Sendable (ControlReply) async -> Void

    func progress(_ text: String) async {
        await say(ControlReply(.progress, text))
    }
}
