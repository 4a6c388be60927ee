import ArgumentParser
import Daemon
import Foundation

struct Examine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything step by step, and say what to do about what is wrong.",
        discussion: """
            Looks at configuration, files, database, disk and clock, and at what the server says. If \
            the service runs, it is asked; if not, the server is connected to for a moment. Nothing \
            is changed. The exit status is 0 if nothing has failed, 1 otherwise.

            Example: broadsheet doctor --json
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Flag(
        help: "A line of JSON for each step: step, verdict (fine, warning, failed, skipped), text."
    )
    var json = false

    func run() async throws {
        let inJSON = json
        let isWell = await Doctor(file: URL(filePath: options.config)).examine { diagnosis in
            print(inJSON ? Self.line(diagnosis) : Self.lines(diagnosis))
        }
        guard isWell else { throw ExitCode(1) }
    }

    private static func line(_ diagnosis: Diagnosis) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(diagnosis)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func lines(_ diagnosis: Diagnosis) -> String {
        let mark =
            switch diagnosis.verdict {
            case .fine: Terminal.colored("ok      ", .green)
            case .warning: Terminal.colored("warning ", .yellow)
            case .failed: Terminal.colored("FAILED  ", .red)
            case .skipped: Terminal.colored("skipped ", .gray)
            }
        let text = TerminalText.lines("\(diagnosis.step): \(diagnosis.text)")
        return "\(mark)  \(text.replacing("\n", with: "\n          "))"
    }
}
