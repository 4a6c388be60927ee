import ArgumentParser
import Daemon
import Storage

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the database to a file, beside the running service.",
        discussion: """
            Needs no running service. The file is complete or not there at all, and nobody but its \
            owner may read it. What lies in /etc/broadsheet, and the issues, are files of their own.

            Example: broadsheet backup /var/backups/broadsheet-2026-10-05.sqlite
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The file to make; it must not be there yet.")
    var file: String

    @OptionGroup var json: JSONOption

    func run() async throws {
        let configuration = try options.read()
        do {
            try StoreFile.backUp(configuration.database.path(percentEncoded: false), to: file)
            let found = try StoreInspection(path: file, thorough: false)
            guard !json.isOn else { return try JSONLines.show(StoreFacts(found, file)) }
            Terminal.show("\(file): \(found.summary)")
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database.",
        discussion: """
            Refuses while the service runs. The database that was there stays beside it. Deliveries \
            that were under way are held: what went out after the backup would go out again.

            Example: broadsheet restore /var/backups/broadsheet-2026-10-05.sqlite
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The backup.")
    var file: String

    @OptionGroup var json: JSONOption

    func run() async throws {
        let configuration = try options.read()
        let path = configuration.database.path(percentEncoded: false)
        do {
            let former = try StoreFile.restore(file, to: path)
            let found = try StoreInspection(path: path, thorough: false)
            guard !json.isOn else { return try JSONLines.show(StoreFacts(found, path, former)) }
            print("\(path): \(found.summary)")
            if let former { print("The former database is \(former).") }
            if found.unfinishedDeliveries > 0 {
                print("Deliveries are held. Start the service, then run: broadsheet resume")
            }
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }
}

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether the database, or a backup, is sound.",
        discussion: """
            Needs no running service. Reads everything: the file's structure, and what in it could \
            contradict itself. The exit status is 1 if something does.

            Example: broadsheet verify /var/backups/broadsheet-2026-10-05.sqlite
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "A backup; the configured database if none is given.")
    var file: String?

    @OptionGroup var json: JSONOption

    func run() async throws {
        let path = try file ?? options.read().database.path(percentEncoded: false)
        let found: StoreInspection
        do {
            found = try StoreInspection(path: path)
        } catch {
            throw Failure.exit(error, status: 1)
        }
        guard !json.isOn else { return try tellPrograms(found, path) }
        print("\(path): \(found.summary)")
        guard found.findings.isEmpty else {
            let findings = found.findings.joined(separator: "\n")
            throw Failure.exit("\(findings)\nRestore a backup: broadsheet restore FILE", status: 1)
        }
        print("It is sound.")
    }

    private func tellPrograms(_ found: StoreInspection, _ path: String) throws {
        try JSONLines.show(StoreFacts(found, path))
        guard found.findings.isEmpty else { throw ExitCode(1) }
    }
}

/// What is in a database, for programs.
private struct StoreFacts: Encodable {
    let file: String
    let nodes: Int
    let subscriptions: Int
    let items: Int
    let publications: Int
    let unfinishedDeliveries: Int
    let bytes: Int
    let findings: [String]
    /// Where the database is that was there before.
    let former: String?

    init(_ found: StoreInspection, _ path: String, _ former: String? = nil) {
        file = path
        nodes = found.nodes
        subscriptions = found.subscriptions
        items = found.items
        publications = found.publications
        unfinishedDeliveries = found.unfinishedDeliveries
        bytes = found.size
        findings = found.findings
        self.former = former
    }
}
