import ArgumentParser
import Daemon

struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Read the configuration and say what is wrong with it."
    )

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
        let configuration = try options.read(withSecret: true)
        for warning in configuration.warnings {
            print("warning: \(warning)")
        }
        let newsletters = configuration.newsletters.map(\.newsletter.name)
        print(
            "\(options.config) is fine: \(configuration.domain), \(newsletters.joined(separator: ", "))."
        )
    }
}
