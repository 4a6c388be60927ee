/// What is said of a command once, for all the places where it can be given; the work is ``Command``'s.
public struct CommandDeclaration: Hashable, Sendable {
    /// In lower case and without spaces.
    public let name: String
    public let aliases: [String]
    /// One sentence without a full stop.
    public let summary: LocalizedText
    public let parameters: [Parameter]
    /// The least role that may give the command.
    public let role: Role
    public let audience: Command.Audience
    /// Whether anything is different afterwards.
    public let changesSomething: Bool
    /// Whether it may ask before it acts.
    public let asks: Bool
    /// Whole lines without `!`, such as `publish 2024-02 fr`.
    public let examples: [String]

    /// Declares a command.
    ///
    /// Required parameters stand before optional ones; free text and repeated ones stand last.
    public init(
        _ name: String,
        aliases: [String] = [],
        summary: LocalizedText,
        parameters: [Parameter] = [],
        role: Role,
        audience: Command.Audience,
        changesSomething: Bool,
        asks: Bool = false,
        examples: [String] = []
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
        self.asks = asks
        self.examples = examples
    }

    /// The command as one writes it: `publish ISSUE [LANGUAGE…]`.
    public var usage: String {
        ([name] + parameters.map(\.usage)).joined(separator: " ")
    }

    /// What is wrong with what stands behind its name in a shell, in English; nil if nothing is.
    public func mistake(in words: String) -> String? {
        do {
            _ = try ArgumentReader.read(WordReader(words), for: parameters)
            return nil
        } catch {
            return Phrases(face: .shell, language: "en").problem(error, in: self)
        }
    }

    var names: [String] { [name] + aliases }
}
