internal import Foundation
internal import GRDB

/// What keeps us from writing to somebody who reads in a chat: their quiet hours, and that they are
/// busy.
struct Silence {
    private let hours: QuietHours?
    private let busyUntil: Date?

    /// The columns it is read from, where both tables are joined under these names.
    static let columns =
        "quiet.start AS start, quiet.end AS end, quiet.zone AS zone, busy.until AS until"

    init(_ row: Row) {
        hours = QuietHours(row)
        busyUntil = row.optionalDate("until")
    }

    /// When it is over; nil if nothing keeps us at that moment.
    func end(at date: Date) -> Date? {
        let busyUntil = busyUntil.flatMap { $0 > date ? $0 : nil }
        return [hours?.end(at: date), busyUntil].compactMap { $0 }.max()
    }
}
