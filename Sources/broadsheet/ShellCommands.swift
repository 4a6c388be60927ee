import ArgumentParser
import Daemon
import Foundation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the running service does."
    )

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        try await options.give(["status"])
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

    func run() async throws {
        try await options.give(["publish", issue] + languages)
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

    @Argument(help: "'yes', once you have seen whom it concerns.")
    var confirmation: String?

    func run() async throws {
        try await options.give(["cancel", issue, confirmation].compactMap { $0 })
    }
}

extension ConfigurationOption {
    /// Gives a command to the running service and prints what it answers.
    func give(_ words: [String]) async throws {
        let client = ControlClient(socket: try read().controlSocket)
        let language = ProcessInfo.processInfo.environment["LANG"].map { String($0.prefix(2)) }
        let reply: ControlReply
        do {
            reply = try await client.run(
                ControlRequest(words: words, language: language ?? "en"),
                progress: { print($0) }
            )
        } catch {
            throw Failure.exit(error, status: 1)
        }
        guard reply.kind == .done else { throw Failure.exit(reply.text, status: 1) }
        print(reply.text)
    }
}
