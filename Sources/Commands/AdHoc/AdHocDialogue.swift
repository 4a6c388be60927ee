public import XMPP
import XML

/// What the steps of ad-hoc commands lead to (XEP-0050), without sending or waiting.
public struct AdHocDialogue: Sendable {
    /// Somebody's step, and who that is.
    public struct Request: Hashable, Sendable {
        public var command: AdHocCommand
        /// The full address that asked.
        public var requester: JID
        public var invoker: Invoker
        public var newsletter: String?
        public var language: String

        public init(
            _ command: AdHocCommand,
            from requester: JID,
            invoker: Invoker,
            newsletter: String?,
            language: String
        ) {
            self.command = command
            self.requester = requester
            self.invoker = invoker
            self.newsletter = newsletter
            self.language = language
        }
    }

    /// What follows.
    public enum Step: Hashable, Sendable {
        /// Run this; ``AdHocDialogue/answer(_:to:)`` makes the answer of what comes of it.
        case run(CommandInvocation)
        case answer(AdHocCommand)
        case refuse(StanzaError)
    }

    private let registry: CommandRegistry
    private var sessions: AdHocSessions

    public init(_ registry: CommandRegistry, limits: AdHocLimits = AdHocLimits()) {
        self.registry = registry
        sessions = AdHocSessions(limits: limits)
    }

    /// How many forms wait to be filled in.
    public var openSessions: Int { sessions.count }

    /// The commands somebody of that role can run so, by the names of their nodes.
    public func list(for role: Role, language: String) -> [(node: String, name: String)] {
        registry.commands(for: role, on: .adHoc).map { ($0.name, $0.summary.text(in: language)) }
    }

    /// Whether it is a further step of what this person has begun.
    public func goesOn(_ request: Request) -> Bool {
        request.command.sessionID.map { sessions.has($0, of: request.requester) } ?? false
    }

    /// Why that person can't run it, whatever is filled in; nil if they can.
    public func refusal(of request: Request) -> StanzaError? {
        guard let command = registry.command(named: request.command.node),
            command.isOffered(on: .adHoc)
        else { return StanzaError(.itemNotFound) }
        let least = command.leastRole(on: .adHoc)
        guard request.invoker.role < least else { return nil }
        let phrases = Phrases(face: .adHoc, language: request.language)
        let text = phrases.notAllowed(command, least: least, invoker: request.invoker)
        return StanzaError(.forbidden, text: text)
    }

    /// The next step of a request.
    ///
    /// - Parameters:
    ///   - request: Who asks what.
    ///   - options: What can be chosen for the command's parameters.
    ///   - values: What stands in the form at first.
    ///   - freshID: The id of a session, if this begins one; nobody must be able to guess it.
    ///   - now: The moment, from the same origin each time.
    /// - Returns: What is to be done now.
    public mutating func step(
        _ request: Request,
        options: CommandForm.Options,
        values: CommandArguments = [:],
        freshID: String,
        at now: Duration
    ) -> Step {
        let asked = request.command
        if let refusal = refusal(of: request) { return .refuse(refusal) }
        guard let command = registry.command(named: asked.node) else {
            return .refuse(StanzaError(.itemNotFound))
        }
        let form = CommandForm(command, options: options, language: request.language)
        guard let session = asked.sessionID else {
            return begin(request, command, form, values, session: freshID, at: now)
        }
        do {
            let taken = try sessions.take(
                session,
                of: request.requester,
                node: asked.node,
                at: now
            )
            if let waiting = taken.asked {
                return conclude(request, waiting, session: session, at: now)
            }
        } catch {
            return .refuse(Self.refusal(error))
        }
        return proceed(request, command, form, session: session, at: now)
    }

    private mutating func begin(
        _ request: Request,
        _ command: Command,
        _ form: CommandForm,
        _ values: CommandArguments,
        session: String,
        at now: Duration
    ) -> Step {
        guard request.command.action == .execute else { return .refuse(Self.badAction) }
        guard !command.parameters.isEmpty else { return .run(invocation(request, command, [:])) }
        return ask(request, form.form(values: values), session: session, at: now)
    }

    private mutating func proceed(
        _ request: Request,
        _ command: Command,
        _ form: CommandForm,
        session: String,
        at now: Duration
    ) -> Step {
        let submitted = request.command.form
        switch request.command.action {
        case .cancel:
            return .answer(canceled(request, session))
        case .prev:
            // There is nothing before the first form; it stays open.
            _ = sessions.open(session, for: request.requester, node: command.name, at: now)
            return .refuse(Self.badAction)
        case .execute, .next, .complete, nil:
            guard let submitted else {
                _ = sessions.open(session, for: request.requester, node: command.name, at: now)
                return .refuse(Self.flaw(.badRequest, "bad-payload"))
            }
            guard submitted.type != .cancel else { return .answer(canceled(request, session)) }
            let arguments = form.arguments(in: submitted)
            guard let flaw = ArgumentReader.flaw(in: arguments, for: command.parameters) else {
                var invocation = invocation(request, command, arguments)
                invocation.newsletter = request.newsletter ?? form.newsletter(in: submitted)
                return .run(invocation)
            }
            let phrases = Phrases(face: .adHoc, language: request.language)
            return ask(
                request,
                form.form(values: arguments),
                note: phrases.mistake(flaw, in: command.declaration),
                session: session,
                at: now
            )
        }
    }

    private mutating func ask(
        _ request: Request,
        _ form: DataForm,
        note: String? = nil,
        session: String,
        waiting: CommandInvocation? = nil,
        at now: Duration
    ) -> Step {
        let (node, requester) = (request.command.node, request.requester)
        guard sessions.open(session, for: requester, node: node, asking: waiting, at: now) else {
            let phrases = Phrases(face: .adHoc, language: request.language)
            return .refuse(StanzaError(.resourceConstraint, text: phrases.tooManyForms))
        }
        return .answer(
            AdHocCommand(
                node: node,
                sessionID: session,
                status: .executing,
                choices: .init([.complete], execute: .complete),
                form: form,
                notes: note.map { [.init(.error, $0)] } ?? []
            )
        )
    }

    // MARK: - Asking before it acts

    private static let consentField = "confirm"

    /// Puts what a command asks to the one who gave it, as another stage.
    public mutating func ask(
        _ question: String,
        about invocation: CommandInvocation,
        _ request: Request,
        freshID: String,
        at now: Duration
    ) -> Step {
        var waiting = invocation
        waiting.consent = .to(question: question)
        let phrases = Phrases(face: .adHoc, language: request.language)
        let form = DataForm(
            .form,
            title: invocation.command.prefix(1).uppercased() + invocation.command.dropFirst(),
            instructions: question,
            fields: [
                DataForm.Field(Self.consentField, .boolean, label: phrases.consent, values: ["0"])
            ]
        )
        let session = request.command.sessionID ?? freshID
        return ask(request, form, session: session, waiting: waiting, at: now)
    }

    private mutating func conclude(
        _ request: Request,
        _ waiting: CommandInvocation,
        session: String,
        at now: Duration
    ) -> Step {
        let answer = request.command.form
        switch request.command.action {
        case .cancel:
            return .answer(canceled(request, session))
        case .prev:
            let (node, requester) = (waiting.command, request.requester)
            _ = sessions.open(session, for: requester, node: node, asking: waiting, at: now)
            return .refuse(Self.badAction)
        case .execute, .next, .complete, nil:
            guard answer?.type != .cancel else { return .answer(canceled(request, session)) }
            let value = answer?[Self.consentField]?.values.first
            guard value == "1" || value == "true" else {
                let phrases = Phrases(face: .adHoc, language: request.language)
                return .answer(Self.answer(.done(phrases.nothingDone), to: request))
            }
            var invocation = waiting
            invocation.invoker = request.invoker
            return .run(invocation)
        }
    }

    /// What somebody would give with a command who fills in nothing.
    public static func emptyInvocation(of command: Command, _ request: Request) -> CommandInvocation
    {
        CommandInvocation(
            command: command.name,
            arguments: [:],
            invoker: request.invoker,
            face: .adHoc,
            newsletter: request.newsletter,
            language: request.language
        )
    }

    private func invocation(
        _ request: Request,
        _ command: Command,
        _ arguments: CommandArguments
    ) -> CommandInvocation {
        var invocation = Self.emptyInvocation(of: command, request)
        invocation.arguments = arguments
        return invocation
    }
}

// MARK: - Answers

extension AdHocDialogue {
    /// The last answer: a line as a note, which most clients show; more of them as a form's text.
    public static func answer(_ outcome: CommandOutcome, to request: Request) -> AdHocCommand {
        let lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
        let note = AdHocCommand.Note(outcome.severity, String(lines.first ?? ""))
        let isLong = lines.count > 1
        return AdHocCommand(
            node: request.command.node,
            // Who was never given one gets one all the same: it is not optional.
            sessionID: request.command.sessionID ?? request.command.node,
            status: .completed,
            form: isLong ? longText(lines.map(String.init)) : nil,
            notes: [note]
        )
    }

    private static func longText(_ lines: [String]) -> DataForm {
        DataForm(.result, fields: [DataForm.Field("answer", .textMulti, values: lines)])
    }

    private func canceled(_ request: Request, _ session: String) -> AdHocCommand {
        AdHocCommand(node: request.command.node, sessionID: session, status: .canceled)
    }

    private static func refusal(_ flaw: AdHocSessions.Flaw) -> StanzaError {
        switch flaw {
        case .unknown: Self.flaw(.badRequest, "bad-sessionid")
        case .expired: Self.flaw(.notAllowed, "session-expired")
        }
    }

    private static let badAction = flaw(.badRequest, "bad-action")

    /// An error with the condition that XEP-0050 §3.5 adds.
    private static func flaw(_ condition: StanzaError.Condition, _ name: String) -> StanzaError {
        StanzaError(condition, extensionCondition: Element(name, in: .commands))
    }
}

extension CommandOutcome {
    fileprivate var severity: AdHocCommand.Note.Severity {
        switch self {
        case .done: .info
        case .refused, .question: .warn
        case .failed: .error
        }
    }
}
