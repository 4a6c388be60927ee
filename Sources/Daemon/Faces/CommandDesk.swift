import Commands
import Component
import Foundation
import Logging
import PubSub
import XML
import XMPP

/// The commands that people run by forms (XEP-0050), at the domain, at a contact, or through a room.
actor CommandDesk {
    /// Who somebody is, by the address a request comes from: a person's or an occupant's.
    typealias Recognition = @Sendable (JID) async -> Invoker
    /// In which language somebody is answered there whose client says none that we know.
    typealias UsualLanguage = @Sendable (_ person: JID, _ address: JID) async -> String
    /// What can be chosen for the parameters of a command.
    typealias Choices = @Sendable (Command, _ newsletter: String?) async -> CommandForm.Options

    private let registry: CommandRegistry
    private var dialogue: AdHocDialogue
    private let maximumLength: Int
    private let domain: JID
    /// The newsletter each contact belongs to.
    private let newsletters: [JID: String]
    private let recognize: Recognition
    private let language: UsualLanguage
    private let choices: Choices
    private let queue: @Sendable (JID) -> WorkQueue
    private let damper: CommandDamper
    private let logger: Logger
    private let start = ContinuousClock.now

    init(
        registry: CommandRegistry,
        limits: AdHocLimits,
        maximumLength: Int,
        domain: JID,
        newsletters: [JID: String],
        queue: @escaping @Sendable (JID) -> WorkQueue,
        damper: CommandDamper,
        logger: Logger,
        recognize: @escaping Recognition,
        language: @escaping UsualLanguage,
        choices: @escaping Choices
    ) {
        self.registry = registry
        self.domain = domain
        self.newsletters = newsletters
        self.recognize = recognize
        self.language = language
        self.choices = choices
        self.queue = queue
        self.damper = damper
        self.logger = logger
        self.maximumLength = maximumLength
        dialogue = AdHocDialogue(registry, limits: limits)
    }

    /// Puts the request in the queue; returns the answer if there is no place in it.
    nonisolated func receive(_ iq: IQ, at address: JID, on stream: any StanzaStream) -> Stanza? {
        guard Stanza.iq(iq).holds(atMost: maximumLength) else {
            return .iq(iq.reply(error: .commandTooLong(maximumLength)))
        }
        guard let requester = iq.from else { return nil }
        let isTaken = queue(requester).add {
            guard let answer = await self.answer(iq, at: address) else { return }
            // If the stream is over, so is the wait of those who asked.
            try? await stream.send(.iq(answer))
        }
        guard !isTaken else { return nil }
        let texts = DaemonTexts.all.texts(in: iq.xmlLang ?? "en")
        let error = StanzaError(.resourceConstraint, type: .wait, text: texts("limit.queue"))
        return .iq(iq.reply(error: error))
    }

    func answer(_ iq: IQ, at address: JID) async -> IQ? {
        guard let payload = iq.payload, let requester = iq.from else { return nil }
        let invoker = await recognize(requester)
        let language = await language(of: iq, to: address)
        switch (payload.name, payload.namespace, iq.type) {
        case ("query", .discoItems, .get):
            return iq.reply(with: list(for: invoker, at: address, language).element)
        case ("query", .discoInfo, .get):
            guard let info = info(on: payload["node"] ?? "", for: invoker, language) else {
                return iq.reply(error: StanzaError(.itemNotFound))
            }
            return iq.reply(with: info.element)
        case ("command", .commands, .set):
            let request = AdHocDialogue.Request(
                AdHocCommand(payload),
                from: requester,
                invoker: invoker,
                newsletter: newsletters[address],
                language: language
            )
            // The further steps of a form belong to the command that began it.
            if !dialogue.goesOn(request),
                let refusal = refusal(of: invoker, at: requester, language)
            {
                return iq.reply(error: refusal)
            }
            switch await outcome(of: request) {
            case .success(let command): return iq.reply(with: command.element)
            case .failure(let error): return iq.reply(error: error)
            }
        default:
            return iq.reply(error: StanzaError(.badRequest))
        }
    }

    /// What the client says if we have texts in it, else what is usual there.
    private func language(of iq: IQ, to address: JID) async -> String {
        if let said = iq.xmlLang, CommandTexts.has(said) { return said }
        guard let requester = iq.from else { return "en" }
        return await language(requester, address)
    }

    /// A request has to be answered, but why it is refused is said only once.
    private func refusal(
        of invoker: Invoker,
        at requester: JID,
        _ language: String
    ) -> StanzaError? {
        switch damper.verdict(on: invoker, at: requester) {
        case .answer: nil
        case .warn:
            StanzaError(
                .policyViolation,
                type: .wait,
                text: DaemonTexts.all.texts(in: language)("limit.answers")
            )
        case .ignore: StanzaError(.policyViolation, type: .wait)
        }
    }

    private func outcome(
        of request: AdHocDialogue.Request
    ) async -> Result<AdHocCommand, StanzaError> {
        // What can be chosen is looked up for those alone who may choose.
        if let refusal = dialogue.refusal(of: request) { return .failure(refusal) }
        let command = registry.command(named: request.command.node)
        let options =
            if let command { await choices(command, request.newsletter) } else {
                CommandForm.Options()
            }
        var values: CommandArguments = [:]
        if let command, let current = command.current, request.command.sessionID == nil {
            values = await current(AdHocDialogue.emptyInvocation(of: command, request))
        }
        let freshID = UUID().uuidString
        var step = dialogue.step(
            request,
            options: options,
            values: values,
            freshID: freshID,
            at: ContinuousClock.now - start
        )
        if case .run(let invocation) = step {
            let outcome = await registry.perform(invocation, responder: Silence())
            note(invocation, outcome)
            guard case .question(let question) = outcome else {
                return .success(AdHocDialogue.answer(outcome, to: request))
            }
            step = dialogue.ask(
                question,
                about: invocation,
                request,
                freshID: freshID,
                at: ContinuousClock.now - start
            )
        }
        switch step {
        case .answer(let answer): return .success(answer)
        case .refuse(let error): return .failure(error)
        case .run: return .failure(StanzaError(.internalServerError))
        }
    }

    /// Readers' commands are their own affair; what editors do can be looked up.
    private func note(_ invocation: CommandInvocation, _ outcome: CommandOutcome) {
        logger.log(
            level: invocation.invoker.role > .reader ? .info : .debug,
            "Command",
            metadata: [
                "form": "\(invocation.command)", "by": "\(invocation.invoker.displayName)",
                "outcome": "\(outcome.word)",
            ]
        )
    }
}

// MARK: - What there is

extension CommandDesk {
    private func list(for invoker: Invoker, at address: JID, _ language: String) -> DiscoItems {
        var entries = dialogue.list(for: invoker.role, language: language).map { node, name in
            DiscoItems.Entry(jid: address, node: node, name: name)
        }
        if address == domain {
            entries.append(
                DiscoItems.Entry(
                    jid: domain,
                    node: PubSubService.pendingCommandNode,
                    name: PubSubService.pendingCommandName
                )
            )
        }
        return DiscoItems(node: Namespace.commands.rawValue, entries: entries)
    }

    /// What XEP-0050 §2.1 and §2.2 want a command's node, and the list of them, to say.
    private func info(
        on node: String,
        for invoker: Invoker,
        _ language: String
    ) -> DiscoInfo? {
        guard node != Namespace.commands.rawValue else {
            return DiscoInfo(
                node: node,
                identities: [.init(category: "automation", type: "command-list")],
                features: [.commands, .discoItems]
            )
        }
        let commands = dialogue.list(for: invoker.role, language: language)
        guard let command = commands.first(where: { $0.node == node }) else { return nil }
        return DiscoInfo(
            node: node,
            identities: [.init(category: "automation", type: "command-node", name: command.name)],
            features: [.commands, .dataForms]
        )
    }
}

/// A form has no place for what happens while a command works.
private struct Silence: CommandResponder {
    func progress(_ text: String) async {}
}
