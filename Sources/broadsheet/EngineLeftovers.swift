import ArgumentParser
import Daemon
import Foundation

struct ForgetEngine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Drop what waits for a service that is not a newsletter's engine any more.",
        discussion: """
            When a newsletter's 'engine' names another service, or none, what was still to be published, \
            corrected or withdrawn at the former one is kept, as 'broadsheet status' says: it goes out if \
            the setting names that service again. This command gives it up.

            Example: broadsheet engine forget dispatch
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var newsletter: LeftNewsletterArgument
    @Flag(help: "Do not ask first.")
    var yes = false
    @OptionGroup var json: JSONOption

    func run() async throws {
        let facts: StatusFacts = try await options.order(.facts)
        let former = facts.engines.filter { $0.newsletter == newsletter.name && !$0.isCurrent }
        guard yes || isAgreed(former) else {
            throw Failure.exit("Nothing was dropped.", status: 1)
        }
        let reports: [EngineLeftoverReport] = try await options.order(
            .engineForget,
            [newsletter.name]
        )
        try newsletter.show(reports, json) { report in
            "Dropped what waited for \(report.service): changes of items, \(report.changes); "
                + "readers on their way, \(report.readers)."
        }
    }

    private func isAgreed(_ former: [StatusFacts.Engine]) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        let services = former.map {
            "\($0.waiting + $0.refused) changes and \($0.readers) readers for \($0.service)"
        }
        let what = services.isEmpty ? "what is left" : services.joined(separator: " and ")
        Terminal.show(
            "Drop \(what) of \(newsletter.name)? Readers there will not have it. [y/N] ",
            terminator: ""
        )
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}

struct PassOnEngine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pass-on",
        abstract: "Give what waits for a former engine of a newsletter to the one it has now.",
        discussion: """
            For when 'engine' named the wrong service for a while: what was published, corrected or \
            withdrawn then goes to the right one, as it is by now, and its readers there get an event for \
            each that it has not yet. Who has left meanwhile leaves there. Who was on the way to the wrong \
            one is dropped: they are served as they were before.

            Example: broadsheet engine pass-on dispatch
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var newsletter: LeftNewsletterArgument
    @OptionGroup var json: JSONOption

    func run() async throws {
        let reports: [EngineLeftoverReport] = try await options.order(
            .enginePassOn,
            [newsletter.name]
        )
        try newsletter.show(reports, json) { report in
            "Waited for \(report.service), goes to the engine now: changes of items, "
                + "\(report.changes); readers who left, \(report.endings). Dropped: readers on their "
                + "way there, \(report.readers)."
        }
    }
}

struct LeftNewsletterArgument: ParsableArguments {
    @Argument(help: "The newsletter, by its name in the configuration.")
    var name: String

    /// Says what has become of what waited, by engine.
    fileprivate func show(
        _ reports: [EngineLeftoverReport],
        _ json: JSONOption,
        _ sentence: (EngineLeftoverReport) -> String
    ) throws {
        guard !json.isOn else { return try reports.forEach { try JSONLines.show($0) } }
        guard !reports.isEmpty else {
            return Terminal.show("Nothing of \(name) waits for a former engine.")
        }
        for report in reports { Terminal.show(sentence(report)) }
    }
}
