import Commands
import Issues
import Publishing

/// `publish ISSUE [LANGUAGE…]`: brings an issue to its readers.
struct PublishCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    var declaration: Command {
        Command(
            "publish",
            aliases: ["release"],
            summary: "Publish an issue, in all its languages or in those you name",
            parameters: [
                Parameter(
                    "issue",
                    .issue,
                    summary: "Its id, the beginning of it, `latest` or `next`"
                ),
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    isRepeated: true,
                    summary: "Only these languages"
                ),
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            examples: ["publish 2026-10", "publish latest de fr"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let name = invocation.arguments["issue"] ?? ""
            let choice = try newsdesk.choose(name, newsletter: invocation.newsletter)
            return try await publish(
                choice,
                languages: invocation.arguments.all("language"),
                by: invocation.invoker.displayName
            )
        } catch {
            return .failed("Nothing was published. \(error)")
        }
    }

    private func publish(
        _ choice: Newsdesk.Choice,
        languages: [String],
        by person: String
    ) async throws -> CommandOutcome {
        let isAll = languages.isEmpty || languages.contains("all")
        let wanted = isAll ? choice.languages : languages.map { $0.lowercased() }.withoutRepeats
        let readings = choice.desk.readings(of: choice.entry, in: wanted)
        let complaints = readings.compactMap(\.complaint)
        // Who names a language wants that language, not what is left of the request.
        if !isAll, !complaints.isEmpty {
            return .failed(lines("Nothing was published.", complaints))
        }
        let rest = choice.languages.filter { !wanted.contains($0) }
        let others = choice.desk.readings(of: choice.entry, in: rest).compactMap(\.issue)
        let editions = Editions(
            newsletter: choice.desk.newsletter,
            readings: readings,
            translations: others,
            images: choice.desk.context.images
        ).make(for: choice.entry)
        guard !editions.isEmpty else {
            return .failed(lines("Nothing was published.", complaints))
        }
        let outcomes = try await publisher.publish(
            editions,
            of: choice.desk.newsletter,
            by: person
        )
        await wake()
        return report(outcomes, complaints, id: choice.entry.id.rawValue)
    }

    private func report(
        _ outcomes: [Publisher.Outcome],
        _ complaints: [String],
        id: String
    ) -> CommandOutcome {
        let hasNews = outcomes.contains { outcome in
            if case .published = outcome.result { true } else { false }
        }
        let title = outcomes.first?.title ?? id
        let head =
            if hasNews {
                "Publishing \"\(title)\":"
            } else if complaints.isEmpty {
                "Nothing to do for \"\(title)\":"
            } else {
                "Nothing was published of \"\(title)\":"
            }
        let text = lines(head, outcomes.map(line) + complaints.map { "not published – \($0)" })
        return hasNews || complaints.isEmpty ? .done(text) : .failed(text)
    }

    private func line(_ outcome: Publisher.Outcome) -> String {
        let place = "\(outcome.node), item \(outcome.item)"
        switch outcome.result {
        case .published(let readers):
            let others =
                outcome.otherReaders > 0
                ? ", and \(Wording.readers(outcome.otherReaders)) of languages it is not there in"
                : ""
            return "\(place): \(Wording.readers(readers))\(others)"
                + Wording.topics(outcome.topics)
        case .unchanged(let date):
            return "\(place): published already on \(Wording.date(date)), and unchanged since"
        case .changed(let date):
            return "\(place): published on \(Wording.date(date)); the file has changed since: "
                + "“correct \(outcome.item)” brings the change to its readers"
        case .corrected(let readers):
            return "\(place): corrected for \(Wording.readers(readers))"
        case .notPublished:
            return "\(place): not published"
        }
    }

    private func lines(_ head: String, _ rest: [String]) -> String {
        ([head] + rest).joined(separator: "\n")
    }
}

extension [String] {
    /// Each once, where it comes first.
    fileprivate var withoutRepeats: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
