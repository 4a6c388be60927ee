/// A command as it is declared once, for all the places where it can be given.
public struct Command: Sendable {
    /// Where a command belongs.
    public struct Audience: OptionSet, Sendable {
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

    /// In lower case and without spaces.
    public let name: String
    public let aliases: [String]
    /// One sentence without a full stop.
    public let summary: LocalizedText
    public let parameters: [Parameter]
    /// The least role that may give the command.
    public let role: Role
    public let audience: Audience
    /// Whether anything is different afterwards.
    public let changesSomething: Bool
    let confirmation: Confirmation?
    /// Whole lines without `!`, such as `publish 2024-02 fr`.
    public let examples: [String]
    private(set) var work: Work
    /// What stands in its form before somebody fills it in; nil if nothing does.
    public private(set) var current: Current?

    /// Declares a command.
    ///
    /// Required parameters stand before optional ones; free text and repeated ones stand last.
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
            name,
            aliases: aliases,
            summary: summary,
            parameters: parameters,
            role: role,
            audience: audience,
            changesSomething: changesSomething,
            confirmation: confirmation,
            examples: examples,
            work: .run(run)
        )
        self.current = current
    }

    private init(
        _ name: String,
        aliases: [String],
        summary: LocalizedText,
        parameters: [Parameter],
        role: Role,
        audience: Audience,
        changesSomething: Bool,
        confirmation: Confirmation?,
        examples: [String],
        work: Work
    ) {
        let firstOptional = parameters.firstIndex { !$0.isRequired } ?? parameters.endIndex
        precondition(
            parameters[firstOptional...].allSatisfy { !$0.isRequired },
            "\(name): a required parameter follows an optional one"
        )
        precondition(
            parameters.filter { $0.lead == nil }.dropLast()
                .allSatisfy { $0.kind != .text && !$0.isRepeated },
            "\(name): nothing can follow free text or a repeated parameter"
        )
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.parameters = parameters
        self.role = role
        self.audience = audience
        self.changesSomething = changesSomething
        self.confirmation = confirmation
        self.examples = examples
        self.work = work
    }

    /// The command as one writes it: `publish ISSUE [LANGUAGE…]`.
    public var usage: String {
        ([name] + parameters.map(\.usage)).joined(separator: " ")
    }

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

    var names: [String] { [name] + aliases }

    /// The command that every registry has.
    static let help = Command(
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
        confirmation: nil,
        examples: ["help", "help help"],
        work: .help
    )
}
