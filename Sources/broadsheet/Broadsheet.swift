import ArgumentParser

/// The command line: options, and one subcommand a file.
@main
struct Broadsheet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadsheet",
        abstract: "Publishes newsletters over XMPP PubSub.",
        version: "0.1.0",
        subcommands: [
            Run.self, CheckConfig.self, Check.self, Render.self, Site.self, Status.self,
            ListIssues.self, ShowIssue.self, DiffIssue.self, Publish.self, CorrectIssue.self,
            RetractIssue.self, Hold.self, Resume.self, Cancel.self, CountReaders.self, ShowLog.self,
        ]
    )
}

/// The option all subcommands share.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "/etc/broadsheet/broadsheet.yaml"
}
