import ArgumentParser
import Daemon
import Foundation

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service in the foreground, until SIGTERM.",
        discussion: "Example: broadsheet run --config broadsheet.yaml"
    )

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        let configuration = try options.read(withSecret: true)
        do {
            try await BroadsheetService(
                configuration: configuration,
                file: URL(filePath: options.config)
            ).run()
        } catch {
            throw Failure.exit(error, status: BroadsheetService.exitStatus(for: error))
        }
    }
}
