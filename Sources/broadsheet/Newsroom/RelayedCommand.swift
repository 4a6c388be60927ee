import ArgumentParser
import Commands
import Newsroom

/// A command of the newsroom that the shell hands to the running service, word by word.
///
/// Its name, its parameters, what is said of it and its examples come from the one declaration that
/// rooms, chats and forms have theirs from.
protocol RelayedCommand: AsyncParsableCommand {
    static var declaration: CommandDeclaration { get }
    var options: ServiceOptions { get }
    /// What stands behind the command's name, as one writes it in the room.
    var words: [String] { get }
    /// Whether all that it asks is agreed to beforehand.
    var yes: Bool { get }
}

extension RelayedCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(declaration) }

    var words: [String] { [] }
    var yes: Bool { false }

    /// Pairs of quotes make no difference, so that a sentence can be written with them or without.
    private var line: [String] {
        words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    }

    func validate() throws {
        let line = line.joined(separator: " ")
        guard let mistake = Self.declaration.mistake(in: line) else { return }
        throw ValidationError(mistake)
    }

    func run() async throws {
        try await relay()
    }

    /// Gives the command to the running service.
    func relay() async throws {
        try await options.give([Self.declaration.name] + line, agreesToAll: yes)
    }
}

extension CommandConfiguration {
    /// What the shell says of a command.
    init(_ declaration: CommandDeclaration) {
        let options = (declaration.asks ? "[--yes] " : "") + "[--config <config>] [--json]"
        self.init(
            commandName: declaration.name,
            abstract: declaration.sentence,
            usage: "broadsheet \(declaration.usage) \(options)",
            discussion: declaration.shellExamples,
            aliases: declaration.aliases
        )
    }
}

extension Argument where Value == [String] {
    /// All that stands behind a command's name.
    init(wrappedValue: [String], of declaration: CommandDeclaration) {
        let usage = declaration.parameters.map(\.usage).joined(separator: " ")
        let explanations = declaration.parameters.map { parameter in
            "\(parameter.name.uppercased()): \(parameter.summary.shellText)"
        }
        let known = declaration.parameters.flatMap(\.knownWords)
        self.init(
            wrappedValue: wrappedValue,
            help: ArgumentHelp(
                "As one writes it in the room.",
                discussion: explanations.joined(separator: "\n"),
                valueName: usage
            ),
            completion: known.isEmpty ? nil : .list(known)
        )
    }
}

extension CommandDeclaration {
    /// What it does, as the shell says it.
    var sentence: String { "\(summary.shellText)." }

    /// Its examples as one writes them in a shell.
    fileprivate var shellExamples: String {
        let lines = examples.map { "broadsheet \($0)" }
        guard lines.count > 1 else { return lines.map { "Example: \($0)" }.joined() }
        return (["Examples:"] + lines.map { "  \($0)" }).joined(separator: "\n")
    }
}

extension LocalizedText {
    /// In English; back ticks are for other places.
    var shellText: String { english.replacing("`", with: "'") }
}

extension Parameter {
    /// What a shell can complete.
    fileprivate var knownWords: [String] {
        let words =
            switch kind {
            case .issue: ["latest", "next"]
            case .choice(let values): values
            case .language, .word, .text: [String]()
            }
        return (lead.map { [$0] } ?? []) + words
    }
}
