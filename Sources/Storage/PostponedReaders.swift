public import Foundation
internal import GRDB
public import XMPP

/// Readers who get a fan-out when their quiet hours are over: retries that were never tried (rows of
/// `deliveryException` with no attempts).
///
/// Such a row stays for as long as the fan-out may be gone back into, so that nobody is written to
/// twice. Without a next attempt it was written (`triedAgainAt`), or never will be.
extension Transaction {
    /// Lets those whose hours are quiet have the fan-out when these are over; tells how many there
    /// are.
    func postpone(_ fanOut: FanOutRecord, at date: Date) throws -> Int {
        let readers = try rows("SELECT jid, start, end, zone FROM quietHours", []) { row in
            (jid: row.text("jid"), hours: QuietHours(row))
        }
        var count = 0
        for (jid, hours) in readers {
            guard let end = hours?.end(at: date), try !getsWhole(of: fanOut, jid) else { continue }
            count += try changes(
                """
                INSERT OR IGNORE INTO deliveryException (fanOut, subscription, jid, kind, attempts,
                    nextAttemptAt, condition, recordedAt)
                SELECT ?1, id, jid, 'retry', 0, ?4, 'recipient-unavailable', ?2
                FROM subscription AS reader
                WHERE jid = ?5 AND node = ?3 AND \(Self.getsChat)
                """,
                [
                    fanOut.id.rawValue, date.timeIntervalSince1970, fanOut.node.rawValue,
                    end.timeIntervalSince1970, jid,
                ]
            )
        }
        return count
    }

    /// Lets those hear nothing of a retraction who have not had what it takes back; tells how many
    /// there are.
    ///
    /// Where it takes back several texts, they may have had another of them, and do hear of it.
    func withholdRetraction(_ fanOut: FanOutRecord, at date: Date) throws -> Int {
        guard let retracted = fanOut.retracts,
            try publications(retractedBy: fanOut).count <= 1
        else { return 0 }
        return try changes(
            """
            INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts, condition,
                recordedAt)
            SELECT ?1, reader.id, reader.jid, 'retry', 0, 'recipient-unavailable', ?2
            FROM deliveryException AS unsent JOIN subscription AS reader
                ON reader.id = unsent.subscription
            WHERE unsent.fanOut = ?3 AND unsent.attempts = 0 AND unsent.triedAgainAt IS NULL
                AND \(Self.getsChat)
            """,
            [fanOut.id.rawValue, date.timeIntervalSince1970, retracted.rawValue]
        )
    }

    /// Who is not among a fan-out's recipients, since they get it later or not at all.
    func postponed(in fanOut: FanOutRowID) throws -> Set<Int64> {
        Set(
            try rows(
                "SELECT subscription FROM deliveryException WHERE fanOut = ? AND attempts = 0",
                [fanOut.rawValue]
            ) { row -> Int64 in row["subscription"] }
        )
    }

    /// How many are still to get the fan-out when their quiet hours are over.
    public func postponedCount(of fanOut: FanOutRowID) throws -> Int {
        try count(
            """
            SELECT count(*) FROM deliveryException
            WHERE fanOut = ? AND attempts = 0 AND nextAttemptAt IS NOT NULL
            """,
            [fanOut.rawValue]
        )
    }

    /// The finished fan-outs, but those of hidden nodes, that somebody is still to get when their
    /// quiet hours are over; oldest first.
    public func postponedPublicFanOuts() throws -> [FanOutRecord] {
        try rows(
            """
            SELECT fanOut.* FROM fanOut JOIN node ON node.id = fanOut.node
            WHERE state = 'finished' AND NOT isHidden AND fanOut.id IN (
                SELECT fanOut FROM deliveryException
                WHERE attempts = 0 AND nextAttemptAt IS NOT NULL)
            ORDER BY fanOut.id
            """,
            [],
            FanOutRecord.init
        )
    }

    /// Ends a fan-out for good, also for those who were to get it later; tells whether there was
    /// anybody left to get it.
    @discardableResult
    public func cancelFanOut(_ id: FanOutRowID, at date: Date) throws -> Bool {
        let wasUnderWay = try setState(.cancelled, of: id, at: date)
        let postponed = try changes(
            """
            UPDATE deliveryException SET nextAttemptAt = NULL
            WHERE fanOut = ? AND attempts = 0 AND nextAttemptAt IS NOT NULL
            """,
            [id.rawValue]
        )
        if postponed > 0 {
            try run("UPDATE fanOut SET state = 'cancelled' WHERE id = ?", [id.rawValue])
        }
        return wasUnderWay || postponed > 0
    }

    /// Lets nobody have the item any more who was to get it later.
    public func withholdPostponed(of item: ItemID, in node: NodeRowID) throws {
        try run(
            """
            UPDATE deliveryException SET nextAttemptAt = NULL
            WHERE attempts = 0 AND nextAttemptAt IS NOT NULL AND fanOut IN (
                SELECT id FROM fanOut WHERE node = ? AND itemName = ? AND scope = 'item')
            """,
            [node.rawValue, item.rawValue]
        )
    }

    /// Forgets who got a fan-out later, once it can't be gone back into and no error is likely to
    /// come back.
    func prunePostponed(writtenBefore date: Date) throws {
        try run(
            """
            DELETE FROM deliveryException
            WHERE attempts = 0 AND nextAttemptAt IS NULL
                AND coalesce(triedAgainAt, recordedAt) < ?
                AND fanOut IN (
                    SELECT id FROM fanOut WHERE finishedAt IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM acknowledgement AS noted WHERE noted.fanOut = fanOut.id))
            """,
            [date.timeIntervalSince1970]
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

    /// Whether a `reader` is sent something in a chat by fan-out ?1 at the moment ?2.
    private static let getsChat = """
        state = 'subscribed' AND form = 'chat' AND isDelivered AND suspendedAt IS NULL
        AND (expiresAt IS NULL OR expiresAt > ?2)
        AND EXISTS (
            SELECT 1 FROM variant WHERE variant.fanOut = ?1 AND variant.form = reader.form
                AND variant.amount = reader.amount)
        """
}
