import Commands
import Localization

/// `calendar`: what is due next in the newsroom.
struct CalendarCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook
    /// In which times are said at this place; nil for the newsletter's own.
    let zone: LocalZone?

    static let declaration = CommandDeclaration(
        "calendar",
        aliases: ["when"],
        summary: .text("calendar.summary"),
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["calendar", "when"]
    )

    var command: Command {
        Command(Self.declaration) { invocation, _ in
            let texts = invocation.texts
            do {
                var lines: [String] = []
                for desk in newsdesk.desks(for: invocation.newsletter) {
                    lines += try await self.lines(desk, texts)
                }
                return .done(lines.joined(separator: "\n"))
            } catch {
                return .failed(texts.reason(error))
            }
        }
    }

    private func lines(_ desk: NewsletterDesk, _ texts: Texts) async throws -> [String] {
        let now = book.now()
        let name = desk.newsletter.name
        let shown = zone ?? desk.zone
        let events = EditorialCalendar.Event.allCases.compactMap { event in
            // The day is the newsletter's, wherever it is shown.
            desk.calendar.next(event, after: now, in: desk.zone).map {
                (Self.name(event, texts), $0)
            }
        }
        let issues = try await book.scheduled().filter { $0.key.newsletter == name }
            .compactMap { record in
                record.schedule.map {
                    (texts("calendar.issue", ["issue": record.key.issue]), $0.dueAt)
                }
            }
        let all = (events + issues).sorted { $0.1 < $1.1 }.map { what, date in
            let span = texts.span(date.timeIntervalSince(now))
            return "- "
                + texts(
                    "calendar.line",
                    ["what": what, "moment": shown.moment(date), "span": span]
                )
        }
        guard !all.isEmpty else {
            return [texts("calendar.nothing", ["newsletter": desk.newsletter.title, "name": name])]
        }
        return ["\(desk.newsletter.title):"] + all
    }

    private static func name(_ event: EditorialCalendar.Event, _ texts: Texts) -> String {
        switch event {
        case .midMonth: texts("event.midMonth")
        case .lastCall: texts("event.lastCall")
        case .review: texts("event.review")
        case .release: texts("event.release")
        }
    }
}
