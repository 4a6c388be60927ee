/// Runs the commands of a room or a chat, and keeps what it asked until the answer comes.
public actor CommandDialogue {
    private let registry: CommandRegistry
    private let limits: AdHocLimits
    private var questions: OpenQuestions
    private let now: @Sendable () -> Duration

    /// - Parameters:
    ///   - registry: The commands.
    ///   - limits: How long a question waits, and how many may.
    ///   - now: The moment, from the same origin each time.
    public init(
        _ registry: CommandRegistry,
        limits: AdHocLimits = AdHocLimits(),
        now: @escaping @Sendable () -> Duration = CommandDialogue.timeSinceNow()
    ) {
        self.registry = registry
        self.limits = limits
        self.now = now
        questions = OpenQuestions(limits: limits)
    }

    /// Reads a line and runs what it says, or takes it as the answer to what was asked.
    ///
    /// - Returns: What came of it; nil if there was nothing on the line.
    public func perform(
        _ line: String,
        by invoker: Invoker,
        on face: Face,
        newsletter: String? = nil,
        language: String = "en",
        responder: any CommandResponder
    ) async -> CommandOutcome? {
        let phrases = Phrases(face: face, language: language)
        if let answer = YesOrNo(line) {
            switch questions.settle(answer, by: invoker, on: face, at: now()) {
            case .agreed(let invocation): return await run(invocation, phrases, responder)
            case .declined: return .done(phrases.nothingDone)
            case .tooLate: return .refused(phrases.tooLate)
            case .notTheirs(let asker): return .refused(phrases.othersQuestion(asker))
            case .nothingAsked: break
            }
        }
        let reading = registry.parse(
            line,
            by: invoker,
            on: face,
            newsletter: newsletter,
            language: language
        )
        switch reading {
        case .invocation(let invocation): return await run(invocation, phrases, responder)
        case .mistake(let text), .refused(let text): return .refused(text)
        case .empty: return nil
        }
    }

    /// Whether the line is a command, or answers a question; who gives it may still be refused.
    public nonisolated func understands(
        _ line: String,
        by invoker: Invoker,
        on face: Face,
        language: String = "en"
    ) -> Bool {
        guard YesOrNo(line) == nil else { return true }
        return switch registry.parse(line, by: invoker, on: face, language: language) {
        case .invocation, .refused: true
        case .mistake, .empty: false
        }
    }

    private func run(
        _ invocation: CommandInvocation,
        _ phrases: Phrases,
        _ responder: any CommandResponder
    ) async -> CommandOutcome {
        let outcome = await registry.perform(invocation, responder: responder)
        guard case .question(let question) = outcome else { return outcome }
        questions.ask(question, about: invocation, at: now())
        return .question(phrases.asking(question, within: limits.questionTimeout))
    }

    /// A clock that begins to count when this is called.
    public static func timeSinceNow() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }
}
