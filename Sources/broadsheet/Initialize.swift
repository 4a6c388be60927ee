public import ArgumentParser
public import Daemon
import Foundation
import XMPP

extension Setup.Server: ExpressibleByArgument {}

struct Initialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a configuration, and say what belongs into the server's.",
        discussion: """
            Asks on a terminal for what no option says. Writes the configuration, and beside it a \
            secret, unless there is one. With the usual path the service is set up for systemd; with \
            another, everything lies in the folder of that file.

            Example: broadsheet init --domain news.example.org --title 'The Verona Dispatch' \
            --name dispatch --room comm-team@rooms.example.org --server prosody
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Option(help: "The component's domain, such as news.example.org.")
    var domain: String?

    @Option(help: "The newsletter's title.")
    var title: String?

    @Option(help: "The newsletter's short name: its address is NAME@DOMAIN.")
    var name: String?

    @Option(help: "The languages it appears in; files that name none are in the first.")
    var languages: String?

    @Option(help: "The room of the editorial team; 'none' if there is none.")
    var room: String?

    @Option(help: "Who may publish by their address; repeatable.")
    var publisher: [String] = []

    @Option(help: "prosody or ejabberd.")
    var server: Setup.Server?

    @Flag(help: "Replace a configuration that is there; it is kept as FILE.old.")
    var force = false

    func run() async throws {
        let file = URL(filePath: options.config)
        try checkNothingIsLost(file)
        let setup = try setup(inSystem: options.config == ConfigurationOption.usualFile)
        do {
            let secret = try write(setup, to: file)
            print(advice(setup, secret: secret, file: file))
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }

    // MARK: - Asking

    private func setup(inSystem: Bool) throws -> Setup {
        let domain = try address(
            answer(domain, "--domain", "The component's domain, such as news.example.org")
        )
        let title = try answer(title, "--title", "The newsletter's title")
        let name = try answer(name, "--name", "Its short name, for NAME@\(domain)", "newsletter")
        guard (try? JID("\(name)@\(domain)")) != nil else {
            throw ValidationError("'\(name)' can't stand before '@' in an address.")
        }
        let languages = try answer(languages, "--languages", "Its languages, such as en,de", "en")
            .split { $0 == "," || $0 == " " }.map(String.init)
        let room = try answer(room, "--room", "The room of the editorial team, or none", "none")
        let server = try self.server ?? chosenServer()
        return Setup(
            server: server,
            domain: domain,
            newsletter: name,
            title: title,
            language: languages.first ?? "en",
            languages: languages.isEmpty ? ["en"] : languages,
            room: room == "none" ? nil : try address(room),
            publishers: try publisher.map(address),
            places: inSystem ? .system : .folder
        )
    }

    private func chosenServer() throws -> Setup.Server {
        let text = try answer(nil, "--server", "The server: prosody or ejabberd", "prosody")
        guard let server = Setup.Server(rawValue: text.lowercased()) else {
            throw ValidationError("'\(text)' is neither prosody nor ejabberd.")
        }
        return server
    }

    /// What the option says; otherwise what is answered on the terminal, or the default.
    private func answer(
        _ option: String?,
        _ name: String,
        _ question: String,
        _ standard: String? = nil
    ) throws -> String {
        if let option { return option }
        guard isatty(STDIN_FILENO) == 1 else {
            if let standard { return standard }
            throw ValidationError("Missing is \(name).")
        }
        while true {
            print(question + (standard.map { " [\($0)]" } ?? "") + ": ", terminator: "")
            fflush(nil)
            guard let line = readLine() else { throw ValidationError("Missing is \(name).") }
            let text = line.trimmingCharacters(in: .whitespaces)
            if !text.isEmpty { return text }
            if let standard { return standard }
        }
    }

    private func address(_ text: String) throws -> JID {
        do {
            return try JID(text)
        } catch {
            throw ValidationError("'\(text)' is not an XMPP address: \(error)")
        }
    }

    // MARK: - Writing

    /// The example that the package brings may be replaced without a word.
    private func checkNothingIsLost(_ file: URL) throws {
        guard !force, let text = try? String(contentsOf: file, encoding: .utf8),
            !text.hasPrefix("# An example configuration of Broadsheet")
        else { return }
        throw Failure.exit(
            "There is a configuration already: \(options.config). With --force it is replaced, and "
                + "kept as \(options.config).old.",
            status: 1
        )
    }

    /// Writes configuration and secret, and makes the folder of the issues; gives the secret.
    private func write(_ setup: Setup, to file: URL) throws -> String {
        let manager = FileManager.default
        let folder = file.deletingLastPathComponent()
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        let issues = URL(filePath: setup.places.issues, relativeTo: folder)
        try manager.createDirectory(at: issues, withIntermediateDirectories: true)
        let secretFile = folder.appending(path: "secret")
        var secret = Setup.makeSecret()
        if let present = try? String(contentsOf: secretFile, encoding: .utf8) {
            secret = present.trimmingCharacters(in: .whitespacesAndNewlines)
        } else {
            let isMade = manager.createFile(
                atPath: secretFile.path(percentEncoded: false),
                contents: Data((secret + "\n").utf8),
                attributes: [.posixPermissions: 0o600]
            )
            guard isMade else { throw CocoaError(.fileWriteNoPermission) }
        }
        let old = URL(filePath: options.config + ".old")
        if manager.fileExists(atPath: options.config) {
            try? manager.removeItem(at: old)
            try manager.moveItem(at: file, to: old)
        }
        try Data(setup.configuration.utf8).write(to: file)
        return secret
    }

    private func advice(_ setup: Setup, secret: String, file: URL) -> String {
        let isSystem = setup.places == .system
        let config = isSystem ? "" : " --config \(options.config)"
        let start =
            isSystem ? "systemctl enable --now broadsheet" : "broadsheet run\(config)"
        return """
            \(options.config) is written, and the secret beside it.

            \(setup.serverAdvice)

            \(setup.serverSide(secret: secret))

            Issues belong into \(setup.places.issues). Next run:

                broadsheet doctor\(config)
                \(start)
            """
    }
}
