import ArgumentParser
import Daemon
import Foundation

struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Read the configuration and say what is wrong with it.",
        discussion: """
            The exit status is 78 if it can't be used, 0 if it can, with warnings or without.

            Example: broadsheet check-config --json
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// A mistake or a warning; a file without any gives no line.
    private struct Line: Encodable {
        let file: String
        let line: Int
        let isError: Bool
        let message: String

        init(_ problem: ConfigurationProblem, isError: Bool) {
            file = problem.file
            line = problem.line
            self.isError = isError
            message = problem.message
        }
    }

    func run() async throws {
        json.isOn ? try tellPrograms() : try tellPeople()
    }

    private func tellPeople() throws {
        let configuration = try options.read(withSecret: true)
        for warning in configuration.warnings {
            Terminal.show("warning: \(warning)")
        }
        let newsletters = configuration.newsletters.map(\.newsletter.name)
        Terminal.show(
            "\(options.config) is fine: \(configuration.domain), \(newsletters.joined(separator: ", "))."
        )
    }

    private func tellPrograms() throws {
        do {
            for warning in try Configuration(file: URL(filePath: options.config)).warnings {
                try JSONLines.show(Line(warning, isError: false))
            }
        } catch let error as ConfigurationError {
            for problem in error.problems {
                try JSONLines.show(Line(problem, isError: true))
            }
            throw ExitCode(Failure.configurationStatus)
        }
    }
}
