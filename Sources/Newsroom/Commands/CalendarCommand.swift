import Commands

/// `calendar`: what is due next in the newsroom.
struct CalendarCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook
    /// In which times are said at this place; nil for the newsletter's own.
    let zone: LocalZone?

    var declaration: Command {
        Command(
            "calendar",
            aliases: ["when"],
            summary: "Say when mid-month, last call, review and release are, and what is scheduled",
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["calendar", "when"]
        ) { invocation, _ in
            do {
                var lines: [String] = []
                for desk in newsdesk.desks(for: invocation.newsletter) {
                    lines += try await self.lines(desk)
                }
                return .done(lines.joined(separator: "\n"))
            } catch {
                return .failed("\(error)")
            }
        }
    }

    private func lines(_ desk: NewsletterDesk) async throws -> [String] {
        let now = book.now()
        let name = desk.newsletter.name
        let shown = zone ?? desk.zone
        let events = EditorialCalendar.Event.allCases.compactMap { event in
            // The day is the newsletter's, wherever it is shown.
            desk.calendar.next(event, after: now, in: desk.zone).map { (event.rawValue, $0) }
        }
        let issues = try await book.scheduled().filter { $0.key.newsletter == name }
            .compactMap { record in
                record.schedule.map { ("\(record.key.issue) goes out", $0.dueAt) }
            }
        let all = (events + issues).sorted { $0.1 < $1.1 }.map { what, date in
            "- \(what): \(shown.moment(date)), in \(Wording.span(date.timeIntervalSince(now)))"
        }
        guard !all.isEmpty else {
            return [
                "\(desk.newsletter.title): no dates are set (newsletters.\(name).calendar), and "
                    + "no issue is scheduled."
            ]
        }
        return ["\(desk.newsletter.title):"] + all
    }
}
