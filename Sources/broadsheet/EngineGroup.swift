import ArgumentParser
import Daemon
import Foundation
import XMPP

/// What concerns newsletters whose PubSub readers are at another service.
struct EngineGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "What concerns newsletters whose PubSub readers are at another service.",
        discussion: """
            Example:
              broadsheet engine move dispatch --to pubsub.example.org
            """,
        subcommands: [MoveEngine.self, ForgetEngine.self, PassOnEngine.self]
    )
}

struct MoveEngine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Move a newsletter's PubSub readers to its engine, or them and its items home.",
        discussion: """
            Readers move while the newsletter's 'engine' in the configuration names the other service. So \
            set it first and restart, then move there; or move to 'local' first, then set it to 'local', \
            restart, and give the command again: it brings those who have subscribed there meanwhile, \
            and deletes the nodes with a pointer to ours (XEP-0060 §8.4.1), after asking.

            A node that was made there for the newsletter has all its items. One that was there before has \
            its own and what came since; it gets none that are older, which would stand there as the \
            newest and notify everybody. The command says how many are not there, and ends with status 1.

            Items that come home keep their ids and dates, and nobody is sent one again. Each reader is \
            in one list at every moment. The running service does it, and goes on after a restart; this command waits \
            for it, and the same command goes on where it was. Who has chosen something that \
            the other service can't be told of stays.

            Examples:
              broadsheet engine move dispatch --to pubsub.example.org
              broadsheet engine move dispatch --to local
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The newsletter, by its name in the configuration.")
    var newsletter: String

    @Option(name: .customLong("to"), help: "The service, or 'local'.")
    var target: String

    @Flag(help: "Delete the nodes at the former engine without asking.")
    var yes = false

    @Flag(help: "With 'engine: local': leave the nodes at the former engine as they are, for good.")
    var abandon = false

    @OptionGroup var json: JSONOption

    func run() async throws {
        var report = try await start()
        var told: EngineMoveReport?
        while report.isUnderWay {
            if !json.isOn, told != report { Terminal.show(report.progress) }
            told = report
            try await Task.sleep(for: .seconds(1))
            report = try await options.order(.engineMoveReport, [newsletter])
        }
        if json.isOn { try JSONLines.show(report) } else { Terminal.show(report.outcome) }
        guard report.reason == nil, report.refused == 0, report.lacks.isEmpty else {
            throw ExitCode(1)
        }
    }

    /// Asks before it deletes what can't be brought back.
    private func start() async throws -> EngineMoveReport {
        let facts: StatusFacts = try await options.order(.facts)
        let former = facts.moves.first { $0.newsletter == newsletter && $0.isConfigured }
        guard target == "local", let former, !former.isLeavingHome else {
            // It would begin what they want to end.
            guard !abandon else {
                throw Failure.exit(
                    "--abandon is for a newsletter whose setting is 'engine: local' again, with --to local.",
                    status: 1
                )
            }
            return try await options.order(.engineMove, [newsletter, target])
        }
        guard !abandon else {
            return try await options.order(.engineMove, [newsletter, target, "abandon"])
        }
        guard yes || isAgreed(former) else {
            throw Failure.exit("The nodes at \(former.service) stay as they are.", status: 1)
        }
        return try await options.order(.engineMove, [newsletter, target, "delete"])
    }

    private func isAgreed(_ move: EngineMoveReport) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        Terminal.show(
            "Bring who has subscribed to \(newsletter) at \(move.service) meanwhile, and then delete its "
                + "nodes there for good, with a pointer to ours? [y/N] ",
            terminator: ""
        )
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}

extension EngineMoveReport {
    fileprivate var progress: String {
        let waiting =
            changesWaiting > 0
            ? " \(changesWaiting) changes of items are still to be made there." : ""
        return "\(moved) have moved, \(moving) are on their way.\(waiting)\(obstacle)"
    }

    private var obstacle: String {
        guard let reason else { return "" }
        guard let heldSince else { return " It waits: \(reason)" }
        return " It waits since \(DateTime(heldSince)): \(reason) It is tried again by itself; "
            + "'broadsheet doctor' says whether \(service) answers."
    }

    fileprivate var outcome: String {
        guard phase != "left" else {
            return "\(newsletter) is here, and nothing more is done at another service."
        }
        let counts =
            refused > 0 ? "\(moved) have moved, \(refused) were refused." : "\(moved) have moved."
        let why = reason.map { ["Not all of it was done: \($0)"] } ?? []
        return ([counts] + why + lacks + [next]).joined(separator: "\n")
    }

    private var next: String {
        if isLeavingHome {
            return readersHere == 0
                ? "No PubSub reader is left here."
                : "\(readersHere) are still served from here: \(service) can't be told what they chose, or "
                    + "does not take them."
        }
        guard !isConfigured else {
            return
                "The nodes at \(service) are still there, and \(newsletter) goes on appearing there too."
        }
        guard !isCut else {
            return
                "What has not come back is served by \(service) as before. Give this command again when "
                + "that is mended. If it can't be, set 'engine: local' for \(newsletter), and restart "
                + "Broadsheet: what is published still goes there too."
        }
        return
            "All others who could come are served from here, and those who are not are served there. Now "
            + "set 'engine: local' for \(newsletter), restart Broadsheet, and give this command again."
    }
}
