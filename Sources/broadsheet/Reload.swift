import ArgumentParser
import Daemon
import Foundation

struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the running service read its configuration again.",
        discussion: """
            What can count at once does; of all else is said that it needs a restart. A faulty file \
            changes nothing, and the exit status is 1.

            Example: broadsheet reload
            """
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        try await options.give(["reload"])
    }
}
