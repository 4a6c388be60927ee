import ArgumentParser

/// A command that the shell passes on to the running service word by word, as one writes it in the
/// room.
protocol RelayedCommand: AsyncParsableCommand {
    var options: ServiceOptions { get }
    /// What stands behind the command's name.
    var words: [String] { get }
    /// Whether all that it asks is agreed to beforehand.
    var yes: Bool { get }
}

extension RelayedCommand {
    var yes: Bool { false }

    func run() async throws {
        let name = Self.configuration.commandName.map { [$0] } ?? []
        try await options.give(name + words, agreesToAll: yes)
    }
}

struct PreviewIssue: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show an issue as its readers would get it.",
        discussion: "Example: broadsheet preview 2026-10 de as web"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue; then a language, an amount, and 'as web', each if wanted.")
    var words: [String]
}

struct ScheduleIssue: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Publish an issue later, in all its languages.",
        discussion: "Example: broadsheet schedule 2026-10 2026-10-05 09:00 Europe/Berlin"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue, and when.")
    var words: [String]

    @Flag(help: "Do it without asking, whatever the checks warn of.")
    var yes = false
}

struct UnscheduleIssue: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "unschedule",
        abstract: "Take the time off an issue that is scheduled.",
        discussion: "Example: broadsheet unschedule 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue.")
    var words: [String]
}

struct ApproveIssue: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Say who can approve an issue: people, not the shell.",
        discussion: "Example: broadsheet approve 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue, and its languages.")
    var words: [String]
}

struct WithdrawApproval: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw-approval",
        abstract: "Say who can take an approval back: people, not the shell.",
        discussion: "Example: broadsheet withdraw-approval 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue, and its languages.")
    var words: [String]
}

struct AnnounceIssue: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "announce",
        abstract: "Tell the rooms that are set for it of an issue, and give texts for elsewhere.",
        discussion: "Example: broadsheet announce 2026-10 de"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue, and a language other than the newsletter's own.")
    var words: [String]
}

struct ListTranslations: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "translations",
        abstract: "Say which languages an issue is in, in draft or out, and which lag behind.",
        discussion: "Example: broadsheet translations 2026-10"
    )

    @OptionGroup var options: ServiceOptions

    @Argument(help: "The issue.")
    var words: [String]
}

struct ShowCalendar: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Say when the next dates are, and what is scheduled.",
        discussion: "Example: broadsheet calendar"
    )

    @OptionGroup var options: ServiceOptions

    var words: [String] { [] }
}

struct ShowRights: RelayedCommand {
    static let configuration = CommandConfiguration(
        commandName: "who",
        abstract: "Say who may do what.",
        discussion: "Example: broadsheet who"
    )

    @OptionGroup var options: ServiceOptions

    var words: [String] { [] }
}
