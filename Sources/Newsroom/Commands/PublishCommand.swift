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
            confirmation: { await question($0) },
            examples: ["publish 2026-10", "publish latest de fr"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    /// Asks if errors keep some languages back while others would go out now; nil if not.
    private func question(_ invocation: CommandInvocation) async -> String? {
        let name = invocation.arguments["issue"] ?? ""
        let named = invocation.arguments.all("language")
        guard named.isEmpty || named.contains("all"),
            let issue = try? await newsdesk.issue(
                name,
                newsletter: invocation.newsletter,
                ledger: publisher
            ),
            let entry = issue.entry
        else { return nil }
        let published = issue.published.map(\.language)
        let waiting = entry.languages.filter { language in
            !published.contains(language) && issue.desk.newsletter.feed(for: language) != nil
        }
        let readings = issue.desk.readings(of: entry, in: waiting)
        let kept = readings.compactMap(\.complaint)
        let ready = readings.compactMap { $0.issue?.language }
        guard !kept.isEmpty, !ready.isEmpty else { return nil }
        let without = "Publish \(ready.joined(separator: ", ")) of \(issue.id) without it?"
        return (["Errors keep this back:"] + kept + [without]).joined(separator: "\n")
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
        let sent = outcomes.filter(\.isNews).map(\.language)
        return report(
            outcomes,
            complaints,
            id: choice.entry.id.rawValue,
            warnings: choice.desk.warnings(of: choice.entry, in: sent)
        )
    }

    private func report(
        _ outcomes: [Publisher.Outcome],
        _ complaints: [String],
        id: String,
        warnings: [(language: String, count: Int)]
    ) -> CommandOutcome {
        let hasNews = outcomes.contains(where: \.isNews)
        let title = outcomes.first?.title ?? id
        let head =
            if hasNews {
                "Publishing \"\(title)\":"
            } else if complaints.isEmpty {
                "Nothing to do for \"\(title)\":"
            } else {
                "Nothing was published of \"\(title)\":"
            }
        let counts = warnings.map { "\($0.count) in \($0.language)" }.joined(separator: ", ")
        let advice = counts.isEmpty ? [] : ["Warnings: \(counts); “check \(id)” shows them."]
        let text = lines(
            head,
            outcomes.map(line) + complaints.map { "not published – \($0)" } + advice
        )
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

extension Publisher.Outcome {
    /// Whether it is on its way now.
    fileprivate var isNews: Bool {
        if case .published = result { true } else { false }
    }
}
