import ArgumentParser
import Daemon
import Foundation

struct ImportReaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Subscribe the readers in a table, as ‘readers export’ writes it.",
        discussion: """
            The running service does it. The columns are address, node, form (event, event-body, \
            chat), amount (full, short, link) and state; the last three may be left out, and with \
            --node a line may be an address alone. Who has paused stays so; who was suspended or \
            waits to be accepted is refused. Whoever is subscribed stays as they are; nobody is told. \
            Bring along only people who have asked for it.

            The exit status is 1 if a line was refused; all others are done.

            Example: broadsheet readers import readers.csv
            """
    )

    /// Each is one transaction, and one line on the control socket.
    private static let linesAtOnce = 200

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The file; ‘-’ for standard input.")
    var file: String

    @Option(help: "The node of lines that name none.")
    var node: String?

    @OptionGroup var json: JSONOption

    func run() async throws {
        let lines = try text().split(whereSeparator: \.isNewline).map(String.init)
            .filter { !ReaderLine.isHeading($0) && !$0.hasPrefix("#") }
            .map { line in
                guard let node, !line.contains(",") else { return line }
                return ReaderLine.line([line.trimmingCharacters(in: .whitespaces), node])
            }
        var outcome = ReaderImport.Outcome()
        for start in stride(from: 0, to: lines.count, by: Self.linesAtOnce) {
            let some = lines[start..<min(start + Self.linesAtOnce, lines.count)]
            outcome.add(try await options.order(.importReaders, Array(some)))
        }
        print(json.isOn ? try JSONLines.line(outcome) : Self.sentence(outcome))
        guard outcome.refused.isEmpty else {
            if !json.isOn { Failure.say(outcome.refused.joined(separator: "\n")) }
            throw ExitCode(1)
        }
    }

    private func text() throws -> String {
        do {
            guard file != "-" else {
                let data = try FileHandle.standardInput.readToEnd() ?? Data()
                return String(decoding: data, as: UTF8.self)
            }
            return try String(contentsOf: URL(filePath: file), encoding: .utf8)
        } catch {
            throw Failure.exit("\(file) can't be read: \(error.localizedDescription)", status: 1)
        }
    }

    private static func sentence(_ outcome: ReaderImport.Outcome) -> String {
        "\(outcome.added) subscribed, \(outcome.known) were there, "
            + "\(outcome.refused.count) refused."
    }
}
