import ArgumentParser
import Commands
import Daemon
import Newsroom

// The commands that list something, of which programs get one object a line.

struct ListIssues: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "issues")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []

    func run() async throws {
        guard options.json.isOn else { return try await relay() }
        let issues: [IssueFacts] = try await options.configuration.order(.issues, words)
        for issue in issues { try JSONLines.show(issue) }
    }
}

struct CountReaders: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "readers")
    /// It is one of several commands about readers.
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: declaration.sentence,
        discussion: "Example: broadsheet readers count --json"
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        guard options.json.isOn else { return try await relay() }
        let nodes: [ReaderFacts] = try await options.configuration.order(.readers)
        for node in nodes { try JSONLines.show(node) }
    }
}

struct ShowLog: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "log")

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        guard options.json.isOn else { return try await relay() }
        let entries: [CommandFacts] = try await options.configuration.order(.log)
        for entry in entries { try JSONLines.show(entry) }
    }
}
