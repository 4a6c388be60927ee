import Foundation
import Publishing

/// When the next issue of a newsletter may be expected.
public struct NextIssue: Sendable {
    private let desks: [NewsletterDesk]
    private let book: WorkflowBook

    public init(desks: [NewsletterDesk], book: WorkflowBook) {
        self.desks = desks
        self.book = book
    }

    /// The day as its editors count days, `2026-12-05`, by the newsletter's name.
    ///
    /// What is scheduled counts more than what the calendar says; without either there is none.
    public func days() async throws -> [String: String] {
        let (now, scheduled) = (book.now(), try await book.scheduled())
        var days: [String: String] = [:]
        for desk in desks {
            let name = desk.newsletter.name
            let dates = scheduled.filter { $0.key.newsletter == name }.compactMap(\.schedule?.dueAt)
            let due = dates.filter { $0 > now }.min()
            let date = due ?? desk.calendar.next(.release, after: now, in: desk.zone)
            days[name] = date.map { String(desk.zone.wallTime(at: $0).prefix(10)) }
        }
        return days
    }
}
