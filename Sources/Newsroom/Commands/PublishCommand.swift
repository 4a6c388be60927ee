import Commands
import Localization

/// `publish ISSUE [now] [LANGUAGE…] [at TIME…]`: brings an issue to its readers.
struct PublishCommand: Sendable {
    let newsdesk: Newsdesk
    let release: Release
    let timetable: Timetable

    static let declaration = CommandDeclaration(
        "publish",
        aliases: ["release"],
        summary: .text("publish.summary"),
        parameters: [
            .issue,
            Parameter(
                "now",
                .choice(["now"]),
                isRequired: false,
                summary: .text("publish.now")
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
        asks: true,
        examples: [
            "publish 2026-10", "publish latest de fr", "publish 2026-10 at 2026-10-05 09:00",
            "publish 2026-10 now",
        ]
    )

    var command: Command {
        let question = PublishQuestion(newsdesk: newsdesk, timetable: timetable)
        return Command(
            Self.declaration,
            confirmation: { await question.text(for: $0, at: $0.arguments["time"]) },
            answer: run
        )
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let choice = try newsdesk.choose(for: invocation)
            let isNow = invocation.arguments["now"] != nil
            if let time = invocation.arguments["time"] {
                guard !isNow else { return .refused(texts("publish.nowAndLater")) }
                return try await timetable.schedule(choice, at: time, for: invocation)
            }
            return try await release.publish(
                choice,
                in: invocation.namedLanguages,
                by: WorkflowOrigin(invocation),
                .asked(atOnce: isNow),
                texts
            )
        } catch let refusal as WorkflowRefusal {
            return .refused("\(texts("publish.nothing")) \(texts.reason(refusal))")
        } catch {
            return .failed("\(texts("publish.nothing")) \(texts.reason(error))")
        }
    }
}
