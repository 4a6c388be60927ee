import ArgumentParser

/// `readers`, and what else can be done about them.
struct ReadersGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers",
        abstract: "Count the readers, list them, take them along, block them.",
        discussion: """
            Without a word behind it, it counts them.

            Examples:
              broadsheet readers
              broadsheet readers list --node dispatch-en
              broadsheet readers export > readers.csv
              broadsheet readers import readers.csv
              broadsheet readers block mallory@example.org
            """,
        subcommands: [
            CountReaders.self, ListReaders.self, ExportReaders.self, ImportReaders.self,
            BlockReader.self, UnblockReader.self,
        ],
        defaultSubcommand: CountReaders.self
    )
}

/// The node whose readers are meant.
struct NodeOption: ParsableArguments {
    @Option(name: .customLong("node"), help: "One node; all if none is given.")
    var name: String?
}
