import ArgumentParser
import Daemon
import XMPP

struct BlockReader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "End somebody's subscriptions, and let them subscribe no more.",
        discussion: """
            The running service does it, for all newsletters: an outcast (XEP-0060 §4.1) may \
            neither read nor subscribe. They are told that their subscriptions have ended.

            Example: broadsheet readers block mallory@example.org
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var person: PersonArgument
    @OptionGroup var json: JSONOption

    func run() async throws {
        let outcome: BlockOutcome = try await options.order(.block, [person.address])
        let ended =
            outcome.ended == 1 ? "1 subscription has" : "\(outcome.ended) subscriptions have"
        print(
            json.isOn
                ? try JSONLines.line(outcome)
                : "\(outcome.person) is blocked at \(outcome.nodes) nodes; \(ended) ended."
        )
    }
}

struct UnblockReader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblock",
        abstract: "Let somebody subscribe again who was blocked.",
        discussion: "Example: broadsheet readers unblock mallory@example.org"
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var person: PersonArgument
    @OptionGroup var json: JSONOption

    func run() async throws {
        let outcome: BlockOutcome = try await options.order(.unblock, [person.address])
        print(
            json.isOn ? try JSONLines.line(outcome) : "\(outcome.person) may subscribe again."
        )
    }
}

struct PersonArgument: ParsableArguments {
    @Argument(help: "The address, as juliet@example.org.")
    var address: String

    func validate() throws {
        do {
            _ = try JID(address)
        } catch {
            throw ValidationError("'\(address)' is no address: \(error)")
        }
    }
}
