import ArgumentParser
import Daemon
import Foundation

/// The command line: options, and one subcommand a file.
@main
struct Broadsheet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadsheet",
        abstract: "Publishes newsletters over XMPP PubSub.",
        discussion: """
            Exit status: 0 if it was done; 1 if not, with a sentence on standard error; 64 if the \
            command line is wrong; 78 if the configuration is, or if the server refused us at the \
            first connect ever.

            BROADSHEET_CONFIG names the configuration where --config does not. NO_COLOR turns colours \
            off; there are none but on a terminal.

            Examples:
              broadsheet init
              broadsheet doctor
              broadsheet publish latest
            """,
        version: BroadsheetService.version.version,
        subcommands: [
            Initialize.self, Examine.self, Run.self, CheckConfig.self, Backup.self, Restore.self,
            Verify.self, Report.self, Reload.self, Check.self, Render.self, Specs.self, Site.self,
            Status.self, ListDeliveries.self, ListNodes.self, ImportNode.self, EngineGroup.self,
            ReadersGroup.self,
            ListIssues.self, ShowIssue.self, DiffIssue.self, PublishIssue.self, CorrectIssue.self,
            RetractIssue.self, PreviewIssue.self, ScheduleIssue.self, UnscheduleIssue.self,
            ApproveIssue.self, WithdrawApproval.self, AnnounceIssue.self, ListTranslations.self,
            ShowCalendar.self, ShowRights.self, HoldDelivery.self, ResumeDelivery.self,
            CancelDelivery.self,
            CollectNews.self, DraftIssue.self, RefreshIssues.self, ShowLog.self, Version.self,
            Completion.self,
        ]
    )
}

/// The option all subcommands share.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = ProcessInfo.processInfo.environment["BROADSHEET_CONFIG"] ?? Self.usualFile

    /// Where the package puts it.
    static let usualFile = "/etc/broadsheet/broadsheet.yaml"
}
