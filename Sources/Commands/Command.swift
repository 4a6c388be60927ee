/// A command: as it is declared, and what it does.
public struct Command: Sendable {
    /// Where a command belongs.
    public struct Audience: OptionSet, Hashable, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// The editors' rooms, the shell, and direct chats with editors.
        public static let newsroom = Audience(rawValue: 1)
        /// Direct chats with anybody.
        public static let readers = Audience(rawValue: 2)
    }

    public typealias Run =
        @Sendable (CommandInvocation, any CommandResponder) async -> CommandOutcome

    /// What the command asks before it acts, in one sentence; nil if it may act at once.
    ///
    /// It is asked anew when the answer comes: only a yes to the very same question counts.
    public typealias Confirmation = @Sendable (CommandInvocation) async -> String?

    /// What its parameters are at the moment, to whoever looks at its form.
    public typealias Current = @Sendable (CommandInvocation) async -> CommandArguments

    /// Who does the work.
    enum Work: Sendable {
        case run(Run)
        /// The registry itself, which alone knows what there is to explain.
        case help
    }

    public let declaration: CommandDeclaration
    let confirmation: Confirmation?
    private(set) var work: Work
    /// What stands in its form before somebody fills it in; nil if nothing does.
    public private(set) var current: Current?

    /// A declared command that does its work.
    public init(
        _ declaration: CommandDeclaration,
        confirmation: Confirmation? = nil,
        current: Current? = nil,
        run: @escaping Run
    ) {
        self.init(declaration, confirmation: confirmation, work: .run(run))
        self.current = current
    }

    /// A declared command that says nothing while it works.
    public init(
        _ declaration: CommandDeclaration,
        confirmation: Confirmation? = nil,
        answer: @escaping @Sendable (CommandInvocation) async -> CommandOutcome
    ) {
        self.init(declaration, confirmation: confirmation) { invocation, _ in
            await answer(invocation)
        }
    }

    private init(
        _ declaration: CommandDeclaration,
        confirmation: Confirmation? = nil,
        work: Work
    ) {
        precondition(
            declaration.asks == (confirmation != nil),
            "\(declaration.name): what asks has a question"
        )
        self.declaration = declaration
        self.confirmation = confirmation
        self.work = work
    }

    /// A command that is declared where its work is.
    public init(
        _ name: String,
        aliases: [String] = [],
        summary: LocalizedText,
        parameters: [Parameter] = [],
        role: Role,
        audience: Audience,
        changesSomething: Bool,
        confirmation: Confirmation? = nil,
        examples: [String] = [],
        current: Current? = nil,
        run: @escaping Run
    ) {
        self.init(
            CommandDeclaration(
                name,
                aliases: aliases,
                summary: summary,
                parameters: parameters,
                role: role,
                audience: audience,
                changesSomething: changesSomething,
                asks: confirmation != nil,
                examples: examples
            ),
            confirmation: confirmation,
            current: current,
            run: run
        )
    }

    public var name: String { declaration.name }
    public var aliases: [String] { declaration.aliases }
    public var summary: LocalizedText { declaration.summary }
    public var parameters: [Parameter] { declaration.parameters }
    public var role: Role { declaration.role }
    public var audience: Audience { declaration.audience }
    public var changesSomething: Bool { declaration.changesSomething }
    public var examples: [String] { declaration.examples }
    public var usage: String { declaration.usage }
    var names: [String] { declaration.names }

    /// The command as somebody gave it, in one line: `publish 2026-10 de`.
    public func line(of invocation: CommandInvocation) -> String {
        ([name] + parameters.flatMap { written($0, in: invocation.arguments) })
            .joined(separator: " ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private func written(_ parameter: Parameter, in arguments: CommandArguments) -> [String] {
        let values = arguments.all(parameter.name)
        return values.isEmpty ? [] : (parameter.lead.map { [$0] } ?? []) + values
    }

    /// The same command, which tells of each time it was run once it is known what came of it.
    public func observed(
        by observer: @escaping @Sendable (CommandInvocation, CommandOutcome) async -> Void
    ) -> Command {
        guard case .run(let run) = work else { return self }
        var command = self
        command.work = .run { invocation, responder in
            let outcome = await run(invocation, responder)
            await observer(invocation, outcome)
            return outcome
        }
        return command
    }

    /// The command that every registry has.
    static let help = Command(
        CommandDeclaration(
            "help",
            aliases: ["commands"],
            summary: LocalizedText("help.summary", in: Phrases.all),
            parameters: [
                Parameter(
                    "command",
                    .word,
                    isRequired: false,
                    summary: LocalizedText("help.command", in: Phrases.all)
                )
            ],
            role: .reader,
            audience: [.newsroom, .readers],
            changesSomething: false,
            examples: ["help", "help help"]
        ),
        work: .help
    )
}
