import ArgumentParser

/// The command line: options, and one subcommand a file.
@main
struct Broadsheet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadsheet",
        abstract: "Publishes newsletters over XMPP PubSub.",
        version: "0.1.0",
        subcommands: [
            Initialize.self, Examine.self, Run.self, CheckConfig.self, Backup.self, Restore.self,
            Verify.self, Report.self, Reload.self, Check.self, Render.self, Specs.self, Site.self,
            Status.self,
            ListIssues.self, ShowIssue.self, DiffIssue.self, Publish.self, CorrectIssue.self,
            RetractIssue.self, Hold.self, Resume.self, Cancel.self, CollectNews.self,
            DraftIssue.self, CountReaders.self, ShowLog.self,
        ]
    )
}

/// The option all subcommands share.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = Self.usualFile

    /// Where the package puts it.
    static let usualFile = "/etc/broadsheet/broadsheet.yaml"
}
