import Foundation
import Storage

/// Dates as all languages have them.
enum Wording {
    /// A minute, `2026-11-21 08:30`, in UTC.
    static func moment(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space).year().month().day()
            .time(includingFractionalSeconds: false)
        return String(date.formatted(style).prefix("2026-11-21 08:30".count))
    }

    /// When an issue is to go out, in the zone in which that was said.
    static func moment(of schedule: PublicationSchedule) -> String {
        (LocalZone(schedule.zone) ?? .utc).moment(schedule.dueAt)
    }

    /// A day, `2026-11-21`, in UTC.
    static func date(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
