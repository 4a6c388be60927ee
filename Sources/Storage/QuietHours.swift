public import Foundation
internal import GRDB
public import XMPP

/// The time of each day at which a reader wants no messages (table `quietHours`).
public struct QuietHours: Hashable, Sendable {
    /// Minutes since midnight, where the reader is.
    public let start: Int
    /// The same; an end before the start is that of the next day.
    public let end: Int
    /// Where the reader is, as the tz database names it.
    public let zone: String

    private static let day = 24 * 60

    /// Nil if there is no such time or zone, or no time between start and end.
    public init?(from start: Int, until end: Int, in zone: String) {
        guard (0..<Self.day).contains(start), (0..<Self.day).contains(end), start != end,
            TimeZone(identifier: zone) != nil
        else { return nil }
        (self.start, self.end, self.zone) = (start, end, zone)
    }

    /// When it is over, always later; nil if it is not quiet at that moment.
    ///
    /// An end that the clocks leave out as they are set forward is as long after them as it would be
    /// if they were not. All who wait for the same end wait for the same moment, a whole second.
    public func end(at date: Date) -> Date? {
        guard let zone = TimeZone(identifier: zone) else { return nil }
        let second = date.timeIntervalSince1970.rounded(.down)
        let date = Date(timeIntervalSince1970: second)
        let local = Int(second) + zone.secondsFromGMT(for: date)
        let now = ((local / 60) % Self.day + Self.day) % Self.day
        let isQuiet = start < end ? (start..<end).contains(now) : now >= start || now < end
        guard isQuiet else { return nil }
        let minutes = (end - now + Self.day) % Self.day
        let over = date.addingTimeInterval(Double(minutes * 60 - local % 60))
        // Clocks that are set meanwhile show the end earlier or later, or not at all.
        let shift = zone.secondsFromGMT(for: date) - zone.secondsFromGMT(for: over)
        let shown = over.addingTimeInterval(Double(shift))
        return zone.secondsFromGMT(for: shown) == zone.secondsFromGMT(for: over) ? shown : over
    }
}

extension Transaction {
    public func quietHours(of reader: JID) throws -> QuietHours? {
        try row(
            "SELECT start, end, zone FROM quietHours WHERE jid = ?",
            [reader.bare.description],
            QuietHours.init
        ) ?? nil
    }

    /// Sets the hours, or takes them off.
    ///
    /// What waits already comes when those are over by which it waits, or, if it is quiet then by the
    /// new ones, after that.
    public func setQuietHours(_ hours: QuietHours?, of reader: JID) throws {
        try run("DELETE FROM quietHours WHERE jid = ?", [reader.bare.description])
        guard let hours else { return }
        try run(
            "INSERT INTO quietHours (jid, start, end, zone) VALUES (?, ?, ?, ?)",
            [reader.bare.description, hours.start, hours.end, hours.zone]
        )
    }
}

extension QuietHours {
    /// Nil if the row has none.
    init?(_ row: Row) {
        guard let zone = row.optionalText("zone") else { return nil }
        self.init(from: row.integer("start"), until: row.integer("end"), in: zone)
    }
}
