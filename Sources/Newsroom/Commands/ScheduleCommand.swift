import Commands
import Issues
import Localization

/// `schedule ISSUE TIME…`: publishes an issue later.
struct ScheduleCommand: Sendable {
    let newsdesk: Newsdesk
    let timetable: Timetable

    static let declaration = CommandDeclaration(
        "schedule",
        summary: .text("schedule.summary"),
        parameters: [.issue, Parameter("time", .text, summary: Timetable.timeSummary)],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        asks: true,
        examples: [
            "schedule 2026-10 2026-10-05 09:00", "schedule next tomorrow 18:30",
            "schedule 2026-10 2026-10-05 09:00 Europe/Berlin",
        ]
    )

    var command: Command {
        let question = PublishQuestion(newsdesk: newsdesk, timetable: timetable)
        return Command(
            Self.declaration,
            confirmation: { await question.text(for: $0, at: $0.arguments["time"] ?? "") },
            answer: run
        )
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let choice = try newsdesk.choose(for: invocation)
            let time = invocation.arguments["time"] ?? ""
            return try await timetable.schedule(choice, at: time, for: invocation)
        } catch {
            return .failed("\(texts("schedule.nothing")) \(texts.reason(error))")
        }
    }
}

/// `unschedule ISSUE`: takes a schedule off.
struct UnscheduleCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook

    static let declaration = CommandDeclaration(
        "unschedule",
        summary: .text("unschedule.summary"),
        parameters: [.issue],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        examples: ["unschedule 2026-10"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let choice = try newsdesk.choose(for: invocation)
            let id = choice.entry.id
            let key = choice.desk.key(of: choice.entry)
            do {
                let schedule = try await book.change(key, by: WorkflowOrigin(invocation)) {
                    try $0.unschedule()
                }
                return .done(
                    texts(
                        "unschedule.done",
                        [
                            "issue": id, "moment": Wording.moment(of: schedule),
                            "person": schedule.person,
                        ]
                    )
                )
            } catch let refusal as WorkflowRefusal {
                let last = try await book.story(of: key).steps.last { $0.before == .scheduled }
                guard let last else { return .refused("\(id): \(texts.reason(refusal))") }
                return .refused(
                    texts(
                        "unschedule.over",
                        [
                            "issue": id, "state": texts.state(last.after),
                            "moment": Wording.moment(last.date), "person": last.person,
                            "place": texts.place(last.place),
                        ]
                    )
                )
            }
        } catch {
            return .failed(texts.reason(error))
        }
    }
}
