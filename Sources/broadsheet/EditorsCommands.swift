import ArgumentParser
import Daemon

/// The editors' commands that are given in the shell as well, for the running service to carry out.
struct ListIssues: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues",
        abstract: "List the latest issues, and which languages of them are published.",
        discussion: """
            Examples:
              broadsheet issues
              broadsheet issues --all --json
            """
    )

    @OptionGroup var options: ServiceOptions

    @Flag(help: "List older ones too.")
    var all = false

    func run() async throws {
        guard options.json.isOn else {
            try await options.give(["issues"] + (all ? ["all"] : []))
            return
        }
        let amount = all ? ["all"] : []
        let issues: [IssueFacts] = try await options.configuration.order(.issues, amount)
        for issue in issues { try JSONLines.show(issue) }
    }
}

struct ShowIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say how an issue stands, and what happened to it.",
        discussion: "Example: broadsheet show latest"
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var issue: IssueArgument

    func run() async throws {
        try await options.give(["show", issue.name])
    }
}

struct DiffIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how the file of an issue differs from what was published.",
        discussion: "Example: broadsheet diff 2026-10 de"
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var issue: IssueArgument

    @Argument(help: "One of its languages.")
    var language: String?

    func run() async throws {
        try await options.give(["diff", issue.name] + [language].compactMap(\.self))
    }
}

struct CorrectIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Update an issue that is published, in all languages whose file has changed.",
        discussion: "Example: broadsheet correct 2026-10 --note 'The meeting is on Tuesday.'"
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var issue: IssueArgument

    @Option(help: "What to tell those who read in a chat; without it they get nothing.")
    var note: String?

    func run() async throws {
        let words = note?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        try await options.give(["correct", issue.name] + words)
    }
}

struct RetractIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retract",
        abstract: "Take a published issue back, and tell its readers.",
        discussion: "Example: broadsheet retract 2026-10 de --yes"
    )

    @OptionGroup var options: ServiceOptions
    @OptionGroup var issue: IssueArgument

    @Argument(help: "The languages; all in which it is published if none is given.")
    var languages: [String] = []

    @Flag(help: "Do it without asking.")
    var yes = false

    func run() async throws {
        try await options.give(["retract", issue.name] + languages, agreesToAll: yes)
    }
}

struct CollectNews: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "news",
        abstract: "Collect news for the next issue, and keep them in order.",
        discussion: """
            [SECTION] URL TEXT collects; 'list' lists; 'edit NUMBER TEXT', 'drop NUMBER' and \
            'move NUMBER SECTION' change what is there.

            Example: broadsheet news clients https://example.org/news Version 2 is out
            """
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "What to do; all of it in one pair of quotes, or in none.")
    var words: [String]

    func run() async throws {
        let words = words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        try await options.give(["news"] + words)
    }
}

struct DraftIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Write the skeleton of the next issue, with what was collected.",
        discussion: "Example: broadsheet draft 2026-11-05"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The day of the issue; a month after the last one if none is given.")
    var date: String?

    func run() async throws {
        try await options.give(["draft"] + [date].compactMap(\.self))
    }
}

struct RefreshIssues: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Fetch the files of issues anew, by the command the configuration has for it.",
        discussion: "Example: broadsheet refresh"
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        try await options.give(["refresh"])
    }
}

struct CountReaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: "Count the readers by node, language and form.",
        discussion: "Example: broadsheet readers count --json"
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        guard options.json.isOn else {
            try await options.give(["readers"])
            return
        }
        let nodes: [ReaderFacts] = try await options.configuration.order(.readers)
        for node in nodes { try JSONLines.show(node) }
    }
}

struct ShowLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List the last commands that changed something.",
        discussion: "Example: broadsheet log --json"
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        guard options.json.isOn else {
            try await options.give(["log"])
            return
        }
        let entries: [CommandFacts] = try await options.configuration.order(.log)
        for entry in entries { try JSONLines.show(entry) }
    }
}

/// The issue a command is about.
struct IssueArgument: ParsableArguments {
    @Argument(help: "The issue: its id, the beginning of it, 'latest' or 'next'.")
    var name: String
}
