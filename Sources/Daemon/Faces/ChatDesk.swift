import Commands
import Component
import Logging
import Newsroom
import Readers
import Synchronization
import XMPP

/// What people write to us directly: the commands they give, and what is answered to the rest.
struct ChatDesk: Sendable {
    let dialogue: CommandDialogue
    /// The newsletter each contact belongs to.
    let newsletters: [JID: String]
    let rights: CurrentRights
    /// In which language somebody is answered at an address whose client says none.
    let language: @Sendable (_ person: JID, _ address: JID) async -> String
    /// Is told with whom we talk, before they are answered.
    let conversed: @Sendable (_ person: JID) async -> Void
    /// Bytes of a line.
    let maximumLength: Int
    let queue: @Sendable (JID) -> WorkQueue
    let answers: ChatDamper
    let commands: CommandDamper
    /// Makes of a long text the messages it is sent as.
    let cut: @Sendable (String) -> [String]
    let logger: Logger

    /// Puts the command in the queue; returns what is to be said at once, if anything.
    ///
    /// What an invitation is, if the message is one, is for the caller to say.
    func receive(
        _ message: Message,
        invitation: Courtesy.Occasion = .invitation,
        on stream: any StanzaStream
    ) -> [Stanza] {
        let occasion = Courtesy.Occasion(message).map { $0 == .invitation ? invitation : $0 }
        let chat = DirectChat(message)
        let receipt = Courtesy.receipt(for: message)
        guard occasion != nil || chat != nil || receipt != nil, let sender = message.from?.bare
        else { return [] }
        let texts = DaemonTexts.all.texts(in: chat?.language ?? "en")
        switch answers.verdict(on: sender, occasion) {
        case .ignore: return []
        case .warn: return chat.map { [.message($0.answer(texts("limit.answers")))] } ?? []
        case .answer: break
        }
        if occasion != nil { _ = queue(sender).add { await conversed(sender) } }
        let first = receipt.map { [Stanza.message($0)] } ?? []
        if let occasion {
            let answer = Courtesy.answer(to: message, on: occasion)
            return first + (answer.map { [.message($0)] } ?? [])
        }
        guard let chat else { return first }
        switch commands.verdict(on: sender) {
        case .ignore: return first
        case .warn: return first + [.message(chat.answer(texts("limit.answers")))]
        case .answer: break
        }
        let length = chat.line.utf8.count + (chat.language?.utf8.count ?? 0)
        guard length <= maximumLength else {
            return [.message(message.reply(error: .commandTooLong(maximumLength)))]
        }
        let isTaken = queue(sender).add { await answer(chat, on: stream) }
        guard !isTaken else { return first }
        let text = texts("limit.queue")
        return [.message(message.reply(error: StanzaError(.resourceConstraint, text: text)))]
    }

    private func answer(_ chat: DirectChat, on stream: any StanzaStream) async {
        guard case .chat(let contact) = chat.face else { return }
        let invoker = Invoker(
            role: rights.now.role(of: chat.reader),
            jid: chat.reader,
            displayName: "\(chat.reader)"
        )
        let language =
            if let said = chat.language, CommandTexts.has(said) { said } else {
                await language(chat.reader, contact)
            }
        let outcome = await dialogue.perform(
            chat.line,
            by: invoker,
            on: chat.face,
            newsletter: newsletters[contact],
            language: language,
            responder: ChatResponder(chat: chat, stream: stream, cut: cut)
        )
        await conversed(chat.reader)
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
        for text in cut(outcome.text) {
            try? await stream.send(.message(chat.answer(text)))
        }
    }
}

/// Who has been answered how often, so that nobody is without end.
///
/// A lock rather than an actor: what it guards is touched for a moment, in the order of arrival.
final class ChatDamper: Sendable {
    /// Whoever sends encrypted messages hears so once, not at each of them.
    private static let encryptionReminder: Duration = .seconds(600)

    private let answers: Mutex<AnswerBudget>
    private let reminders: Mutex<AnswerBudget>
    private let now: @Sendable () -> Duration

    init(answersPerMinute: Int, now: @escaping @Sendable () -> Duration = ChatDamper.clock()) {
        answers = Mutex(AnswerBudget(answersPerMinute, per: .seconds(60)))
        reminders = Mutex(AnswerBudget(1, per: Self.encryptionReminder))
        self.now = now
    }

    func verdict(on sender: JID, _ occasion: Courtesy.Occasion?) -> AnswerBudget.Verdict {
        let now = now()
        if occasion == .encrypted {
            let verdict = reminders.withLock { $0.spend(by: sender, at: now) }
            guard verdict == .answer else { return .ignore }
        }
        return answers.withLock { $0.spend(by: sender, at: now) }
    }

    private static func clock() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }
}

extension StanzaError {
    /// What is answered to a command of more than so many bytes, which is not looked at.
    static func commandTooLong(_ limit: Int) -> StanzaError {
        StanzaError(
            .policyViolation,
            type: .modify,
            text: "A command may have \(limit) bytes. Write 'help' to see the commands."
        )
    }
}

/// Says in a chat what happens while a command works.
private struct ChatResponder: CommandResponder {
    let chat: DirectChat
    let stream: any StanzaStream
    let cut: @Sendable (String) -> [String]
    let speaksLater = true

    func progress(_ text: String) async {
        for text in cut(text) {
            try? await stream.send(.message(chat.answer(text)))
        }
    }
}
