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
    /// Whole lines without `!`, such as `publish 2024-02 fr`.
    public let examples: [String]
    let work: Work

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
        examples: [String] = [],
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
            examples: examples,
            work: .run(run)
        )
    }

    private init(
        _ name: String,
        aliases: [String],
        summary: LocalizedText,
        parameters: [Parameter],
        role: Role,
        audience: Audience,
        changesSomething: Bool,
        examples: [String],
        work: Work
    ) {
        let firstOptional = parameters.firstIndex { !$0.isRequired } ?? parameters.endIndex
        precondition(
            parameters[firstOptional...].allSatisfy { !$0.isRequired },
            "\(name): a required parameter follows an optional one"
        )
        precondition(
            parameters.dropLast().allSatisfy { $0.kind != .text && !$0.isRepeated },
            "\(name): nothing can follow free text or a repeated parameter"
        )
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.parameters = parameters
        self.role = role
        self.audience = audience
        self.changesSomething = changesSomething
        self.examples = examples
        self.work = work
    }

    /// The command as one writes it: `publish ISSUE [LANGUAGE…]`.
    public var usage: String {
        ([name] + parameters.map(\.usage)).joined(separator: " ")
    }

    var names: [String] { [name] + aliases }

    /// The command that every registry has.
    static let help = Command(
        "help",
        aliases: ["commands"],
        summary: "Say what I can do, or explain one command",
        parameters: [
            Parameter(
                "command",
                .word,
                isRequired: false,
                summary: "The command to explain"
            )
        ],
        role: .reader,
        audience: [.newsroom, .readers],
        changesSomething: false,
        examples: ["help", "help help"],
        work: .help
    )
}
