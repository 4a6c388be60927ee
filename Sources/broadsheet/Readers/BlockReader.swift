import ArgumentParser
import Daemon
import XMPP

struct BlockReader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "End somebody's subscriptions, and let them subscribe no more.",
        discussion: """
            The running service does it, for all newsletters: an outcast (XEP-0060 §4.1) may \
            neither read nor subscribe. They are told that their subscriptions have ended. At a \
            newsletter's engine the same is done, as far as it lets owners do that.

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
        guard !json.isOn else { return print(try JSONLines.line(outcome)) }
        print("\(outcome.person) is blocked at \(outcome.nodes) nodes; \(ended) ended.")
        for engine in outcome.engines { print(engine.sentence(isBlocked: true)) }
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
        guard !json.isOn else { return print(try JSONLines.line(outcome)) }
        print("\(outcome.person) may subscribe again.")
        for engine in outcome.engines { print(engine.sentence(isBlocked: false)) }
    }
}

extension EngineShutOutOutcome {
    fileprivate func sentence(isBlocked: Bool) -> String {
        let words = TerminalText.lines(reason.map { " " + $0 } ?? "")
        return switch (state, isBlocked) {
        case (.done, true):
            "\(service) serves them no more either, and does not let them back."
        case (.done, false): "\(service) lets them in again too."
        case (.waiting, _):
            "\(service) has not answered, and is asked again until it does.\(words)"
        case (.refused, true):
            "\(service) does not shut them out, so they may read there.\(words) Have that done "
                + "over there."
        case (.refused, false):
            "\(service) does not let them in again.\(words) Have that done over there."
        }
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
