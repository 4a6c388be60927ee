import ArgumentParser
import Daemon
import Foundation

struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the running service read its configuration again.",
        discussion: """
            What can count at once does; of all else is said that it needs a restart. A faulty file \
            changes nothing, and the exit status is 1.
            """
    )

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await options.give(["reload"])
    }
}

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publish an issue.",
        discussion: "Example: broadsheet publish 2026-10 de"
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The issue: its id, the beginning of it, 'latest' or 'next'.")
    var issue: String

    @Argument(help: "The languages; all that the issue has if none is given.")
    var languages: [String] = []

    @Flag(help: "Do it without asking, whatever the checks warn of.")
    var yes = false

    func run() async throws {
        try await options.give(["publish", issue] + languages, agreesToAll: yes)
    }
}

struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a delivery pause.")

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The issue: its id, or the beginning of it; all if none is given.")
    var issue: String?

    func run() async throws {
        try await options.give(["hold", issue].compactMap { $0 })
    }
}

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a delivery that was held go on."
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The issue: its id, or the beginning of it; all if none is given.")
    var issue: String?

    func run() async throws {
        try await options.give(["resume", issue].compactMap { $0 })
    }
}

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a delivery for good; who has the issue keeps it."
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The issue: its id, or the beginning of it.")
    var issue: String

    @Flag(help: "Do it without asking.")
    var yes = false

    func run() async throws {
        try await options.give(["cancel", issue], agreesToAll: yes)
    }
}

extension ConfigurationOption {
    /// Gives a command to the running service and prints what it answers.
    ///
    /// What the command asks before it acts is asked on the terminal, unless all is agreed to.
    func give(_ words: [String], agreesToAll: Bool = false) async throws {
        let client = ControlClient(socket: try read().controlSocket)
        let language = ProcessInfo.processInfo.environment["LANG"].map { String($0.prefix(2)) }
        var request = ControlRequest(
            words: words,
            language: language ?? "en",
            agreesToAll: agreesToAll
        )
        var reply = try await answer(to: request, from: client)
        while reply.kind == .question {
            guard isatty(STDIN_FILENO) == 1 else {
                let hint = "Nothing was done. With --yes it is done without asking."
                throw Failure.exit("\(reply.text)\n\(hint)", status: 1)
            }
            print(reply.text, terminator: " [y/N] ")
            guard ["y", "yes"].contains(readLine()?.lowercased()) else {
                throw Failure.exit("Nothing was done.", status: 1)
            }
            request.agreedTo = reply.text
            reply = try await answer(to: request, from: client)
        }
        guard reply.kind == .done else { throw Failure.exit(reply.text, status: 1) }
        print(reply.text)
    }

    /// Gives the service an order that only programs give, and reads its answer.
    func order<Answer: Decodable>(
        _ order: OperatorOrder,
        _ words: [String]
    ) async throws -> Answer {
        let client = ControlClient(socket: try read().controlSocket)
        let request = ControlRequest(words: [order.rawValue] + words, language: "en")
        let reply = try await answer(to: request, from: client)
        guard reply.kind == .done else { throw Failure.exit(reply.text, status: 1) }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(reply.text.utf8))
        } catch {
            throw Failure.exit(
                "The service that runs is of another version. Restart it, then try again.",
                status: 1
            )
        }
    }

    private func answer(
        to request: ControlRequest,
        from client: ControlClient
    ) async throws -> ControlReply {
        do {
            return try await client.run(request, progress: { print($0) })
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }
}
