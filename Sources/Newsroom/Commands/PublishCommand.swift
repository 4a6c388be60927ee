import Commands

/// `publish ISSUE [now] [LANGUAGE…] [at TIME…]`: brings an issue to its readers.
struct PublishCommand: Sendable {
    let newsdesk: Newsdesk
    let release: Release
    let timetable: Timetable

    var declaration: Command {
        Command(
            "publish",
            aliases: ["release"],
            summary: "Publish an issue, in all its languages or in those you name",
            parameters: [
                .issue,
                Parameter(
                    "now",
                    .choice(["now"]),
                    isRequired: false,
                    summary: "At once, though it is scheduled for later"
                ),
                .languages,
                Parameter(
                    "time",
                    .text,
                    isRequired: false,
                    lead: "at",
                    summary: Timetable.timeSummary
                ),
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            confirmation: { await question($0) },
            examples: [
                "publish 2026-10", "publish latest de fr", "publish 2026-10 at 2026-10-05 09:00",
                "publish 2026-10 now",
            ]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    /// Asks if errors keep some languages back while others would go out now, or if what looks like
    /// a translation has no original; nil if nothing is to be asked.
    private func question(_ invocation: CommandInvocation) async -> String? {
        guard
            let issue = try? await newsdesk.issue(
                invocation.issueName,
                newsletter: invocation.newsletter,
                ledger: release.publisher
            ),
            let entry = issue.entry
        else { return nil }
        let published = issue.published.map(\.language)
        let waiting = entry.languages.filter { language in
            !published.contains(language) && issue.desk.newsletter.feed(for: language) != nil
        }
        if published.isEmpty, entry.files[issue.desk.newsletter.defaultFeed.language] == nil {
            return "\(issue.id) has no original, only \(entry.languages.joined(separator: ", ")). "
                + "A translation bears the name of its original. Publish it as an issue of its own?"
        }
        // Who names languages is told at once if one of them can't go out.
        guard invocation.namedLanguages == nil else { return nil }
        let readings = issue.desk.readings(of: entry, in: waiting)
        let kept = readings.compactMap(\.complaint)
        let ready = readings.compactMap { $0.issue?.language }
        guard !kept.isEmpty, !ready.isEmpty else { return nil }
        let without = "Publish \(ready.joined(separator: ", ")) of \(issue.id) without it?"
        return (["Errors keep this back:"] + kept + [without]).joined(separator: "\n")
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let choice = try newsdesk.choose(
                invocation.issueName,
                newsletter: invocation.newsletter
            )
            let isNow = invocation.arguments["now"] != nil
            if let time = invocation.arguments["time"] {
                guard !isNow else { return .refused("Say either “now” or “at”, not both.") }
                return try await timetable.schedule(choice, at: time, for: invocation)
            }
            return try await release.publish(
                choice,
                in: invocation.namedLanguages,
                by: WorkflowOrigin(invocation),
                .asked(atOnce: isNow)
            )
        } catch let refusal as WorkflowRefusal {
            return .refused("Nothing was published. \(refusal)")
        } catch {
            return .failed("Nothing was published. \(error)")
        }
    }
}
