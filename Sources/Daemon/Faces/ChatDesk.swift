import Commands
import Component
import Logging
import Newsroom
import Readers
import XMPP

/// The commands that people give by writing to us directly.
struct ChatDesk: Sendable {
    let dialogue: CommandDialogue
    /// The newsletter each contact belongs to.
    let newsletters: [JID: String]
    let rights: RightsTable
    let queue: WorkQueue
    let logger: Logger

    /// Puts the command in the queue; returns what is to be said at once, if anything.
    func receive(_ message: Message, on stream: any StanzaStream) -> Stanza? {
        guard let chat = DirectChat(message) else { return nil }
        let isTaken = queue.add { await answer(chat, on: stream) }
        guard !isTaken else { return nil }
        let text = "Too much is going on at the moment. Please try again in a minute."
        return .message(message.reply(error: StanzaError(.resourceConstraint, text: text)))
    }

    private func answer(_ chat: DirectChat, on stream: any StanzaStream) async {
        guard case .chat(let contact) = chat.face else { return }
        let invoker = Invoker(
            role: rights.role(of: chat.reader),
            jid: chat.reader,
            displayName: "\(chat.reader)"
        )
        let outcome = await dialogue.perform(
            chat.line,
            by: invoker,
            on: chat.face,
            newsletter: newsletters[contact],
            language: chat.language ?? "en",
            responder: ChatResponder(chat: chat, stream: stream)
        )
        guard let outcome else { return }
        // Readers' commands are their own affair; what editors do can be looked up.
        let isEditor = invoker.role > .reader
        logger.log(
            level: isEditor ? .info : .debug,
            "Command",
            metadata: [
                "chat": "\(contact)", "by": "\(chat.reader)",
                "line": "\(chat.line.prefix(200))", "outcome": "\(outcome.word)",
            ]
        )
        try? await stream.send(.message(chat.answer(outcome.text)))
    }
}

/// Says in a chat what happens while a command works.
private struct ChatResponder: CommandResponder {
    let chat: DirectChat
    let stream: any StanzaStream

    func progress(_ text: String) async {
        try? await stream.send(.message(chat.answer(text)))
    }
}
