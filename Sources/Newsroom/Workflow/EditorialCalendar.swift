import Foundation
import Issues
import Localization

/// The days of each month on which something is due in the newsroom.
public struct EditorialCalendar: Hashable, Sendable {
    public enum Event: String, Sendable, CaseIterable {
        case midMonth = "mid-month"
        case lastCall = "last call"
        case review
        case release
    }

    /// From 1; a day that a month has not is its last one.
    public var days: [Event: Int]
    /// The time of day, in seconds since midnight.
    public var time: Int

    public init(days: [Event: Int] = [:], time: Int = 9 * 3600) {
        self.days = days
        self.time = time
    }

    /// The seconds since midnight of a time such as `09:00`; nil if it is none.
    public static func timeOfDay(_ text: String) -> Int? {
        MomentReader.timeOfDay(text)
    }

    /// When the event is due next, later than that moment.
    func next(_ event: Event, after date: Date, in zone: LocalZone) -> Date? {
        occurrences(of: event, around: date, in: zone).first { $0 > date }
    }

    /// When the event was due last, at that moment or before.
    func last(_ event: Event, until date: Date, in zone: LocalZone) -> Date? {
        occurrences(of: event, around: date, in: zone).last { $0 <= date }
    }

    /// Those of the month before, this month and the next, in order.
    private func occurrences(of event: Event, around date: Date, in zone: LocalZone) -> [Date] {
        guard let day = days[event], let today = IssueDate(zone.wallTime(at: date)) else {
            return []
        }
        return (-1...1).compactMap { (offset: Int) -> Date? in
            let months = today.year * 12 + today.month - 1 + offset
            let (year, month) = (months / 12, months % 12 + 1)
            let dates = (1...day).reversed().lazy.compactMap {
                IssueDate(year: year, month: month, day: $0)
            }
            return dates.first.flatMap { MomentReader.moment(on: $0, at: time, in: zone) }
        }
    }
}

/// Reminds the rooms of what is due, each time once.
struct Reminders: Sendable {
    /// Later than this a reminder would only confuse.
    private static let stale: TimeInterval = 12 * 3600

    let book: WorkflowBook

    func look(at desk: NewsletterDesk) async throws {
        let (now, name, calendar, zone) = (
            book.now(), desk.newsletter.name, desk.calendar, desk.zone
        )
        let due = EditorialCalendar.Event.allCases.compactMap { event in
            calendar.last(event, until: now, in: zone).map { (event, $0) }
        }
        for (event, date) in due {
            let key = "calendar \(name) \(event.rawValue)"
            let said = try await book.store.read { try $0.setting(key) }
            // A clock that is set back does not make us say it again.
            if let said = said.flatMap(Double.init), said >= date.timeIntervalSince1970 { continue }
            let isNews = said != nil && now.timeIntervalSince(date) < Self.stale
            let release = calendar.next(.release, after: date, in: zone)
            let text = Self.text(event, release.map(zone.wallTime), desk.texts)
            try await book.store.write { transaction in
                try transaction.setSetting(key, to: "\(date.timeIntervalSince1970)")
                if isNews { try transaction.addNotice(text, newsletter: name) }
            }
        }
    }

    /// What is said on the day of the event, with the next release as a clock on the wall shows it.
    private static func text(
        _ event: EditorialCalendar.Event,
        _ release: String?,
        _ texts: Texts
    ) -> String {
        let reminder =
            switch event {
            case .midMonth: texts("remind.midMonth")
            case .lastCall: texts("remind.lastCall")
            case .review: texts("remind.review")
            case .release: texts("remind.release")
            }
        guard event != .release, let release else { return reminder }
        return "\(reminder) \(texts("remind.day", ["day": release.prefix(10)]))"
    }
}
