import ArgumentParser
import Daemon
import Foundation

struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the running service read its configuration again.",
        discussion: """
            What can count at once does; of all else is said that it needs a restart. A faulty file \
            changes nothing, and the exit status is 1.

            Example: broadsheet reload
            """
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        try await options.give(["reload"])
    }
}

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publish an issue.",
        discussion: """
            Examples:
              broadsheet publish 2026-10 de
              broadsheet publish latest --yes --json
            """
    )

    @OptionGroup var options: ServiceOptions

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
    static let configuration = CommandConfiguration(
        abstract: "Let a delivery pause.",
        discussion: "Example: broadsheet hold 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue: its id, or the beginning of it; all if none is given.")
    var issue: String?

    func run() async throws {
        try await options.give(["hold", issue].compactMap { $0 })
    }
}

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a delivery that was held go on.",
        discussion: "Example: broadsheet resume 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue: its id, or the beginning of it; all if none is given.")
    var issue: String?

    func run() async throws {
        try await options.give(["resume", issue].compactMap { $0 })
    }
}

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a delivery for good; who has the issue keeps it.",
        discussion: "Example: broadsheet cancel 2026-10 --yes"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue: its id, or the beginning of it.")
    var issue: String

    @Flag(help: "Do it without asking.")
    var yes = false

    func run() async throws {
        try await options.give(["cancel", issue], agreesToAll: yes)
    }
}
