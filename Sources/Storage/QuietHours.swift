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

    /// When it is over; nil if it is not quiet at that moment.
    public func end(at date: Date) -> Date? {
        guard let zone = TimeZone(identifier: zone) else { return nil }
        let local = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        let now = ((local / 60) % Self.day + Self.day) % Self.day
        let isQuiet = start < end ? (start..<end).contains(now) : now >= start || now < end
        guard isQuiet else { return nil }
        let minutes = (end - now + Self.day) % Self.day
        let over = date.addingTimeInterval(Double(minutes * 60 - local % 60))
        // Clocks that are set meanwhile show the end earlier or later.
        let shift = zone.secondsFromGMT(for: date) - zone.secondsFromGMT(for: over)
        return over.addingTimeInterval(Double(shift))
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

    /// Sets the hours, or takes them off; what waits already comes when they would have been over.
    public func setQuietHours(_ hours: QuietHours?, of reader: JID) throws {
        try run("DELETE FROM quietHours WHERE jid = ?", [reader.bare.description])
        guard let hours else { return }
        try run(
            "INSERT INTO quietHours (jid, start, end, zone) VALUES (?, ?, ?, ?)",
            [reader.bare.description, hours.start, hours.end, hours.zone]
        )
    }

    /// Lets those whose hours are quiet have the fan-out when these are over, as a retry; tells how
    /// many there are.
    func postpone(_ fanOut: FanOutRecord, at date: Date) throws -> Int {
        let readers = try rows("SELECT jid, start, end, zone FROM quietHours", []) { row in
            (jid: row.text("jid"), hours: QuietHours(row))
        }
        var count = 0
        for (jid, hours) in readers {
            guard let end = hours?.end(at: date), try !getsWhole(of: fanOut, jid) else { continue }
            count += try changes(
                """
                INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts,
                    nextAttemptAt, condition, recordedAt)
                SELECT ?1, id, jid, 'retry', 0, ?2, 'recipient-unavailable', ?3
                FROM subscription AS reader
                WHERE jid = ?4 AND node = ?5 AND state = 'subscribed' AND form = 'chat'
                    AND isDelivered AND suspendedAt IS NULL
                    AND (expiresAt IS NULL OR expiresAt > ?3)
                    AND EXISTS (
                        SELECT 1 FROM variant WHERE variant.fanOut = ?1
                            AND variant.form = reader.form AND variant.amount = reader.amount)
                """,
                [
                    fanOut.id.rawValue, end.timeIntervalSince1970, date.timeIntervalSince1970,
                    jid, fanOut.node.rawValue,
                ]
            )
        }
        return count
    }

    /// Who is not among a fan-out's recipients, since they get it later.
    func postponed(in fanOut: FanOutRowID) throws -> Set<Int64> {
        Set(
            try rows(
                "SELECT subscription FROM deliveryException WHERE fanOut = ? AND attempts = 0",
                [fanOut.rawValue]
            ) { row -> Int64 in row["subscription"] }
        )
    }

    private func getsWhole(of fanOut: FanOutRecord, _ jid: String) throws -> Bool {
        guard let whole = fanOut.wholeNode else { return false }
        return try count(
            """
            SELECT count(*) FROM subscription WHERE jid = ? AND node = ? AND state = 'subscribed'
                AND isDelivered AND suspendedAt IS NULL
            """,
            [jid, whole.rawValue]
        ) > 0
    }
}

extension QuietHours {
    fileprivate init?(_ row: Row) {
        self.init(from: row.integer("start"), until: row.integer("end"), in: row.text("zone"))
    }
}
