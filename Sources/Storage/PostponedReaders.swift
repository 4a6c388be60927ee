public import Foundation
internal import GRDB
import XMPP

/// Readers who get a fan-out when their quiet hours are over, or they are no more busy: retries that
/// were never tried (rows of `deliveryException` with no attempts).
///
/// One rule: nobody who reads in a chat is written to while they want ``Silence``, neither at first nor
/// again, whenever the fan-out comes to them. So the hours are looked at while it goes out, and once more for
/// each retry that is due.
///
/// Such a row stays for as long as the fan-out may be gone back into, so that nobody is written to
/// twice. Without a next attempt it was written (`triedAgainAt`), or never will be.
extension Transaction {
    /// Whether anybody may want silence at the moment.
    public func mayHaveQuietReaders(at date: Date) throws -> Bool {
        try count(
            """
            SELECT EXISTS (SELECT 1 FROM quietHours)
                OR EXISTS (SELECT 1 FROM doNotDisturb WHERE until > ?)
            """,
            [date.timeIntervalSince1970]
        ) > 0
    }

    /// Lets those have the fan-out later who come after the cursor and want silence; tells how many
    /// there are.
    ///
    /// They count no longer among its readers.
    @discardableResult
    public func postponeQuietReaders(
        of fanOut: FanOutRecord,
        after cursor: SubscriptionRowID,
        at date: Date
    ) throws -> Int {
        guard try self.fanOut(fanOut.id)?.state.isUnfinished == true else { return 0 }
        let readers = try rows(
            Self.readersWithSilence,
            [
                fanOut.id.rawValue, fanOut.lastSubscription.rawValue,
                fanOut.createdAt.timeIntervalSince1970, fanOut.wholeNode?.rawValue,
                fanOut.node.rawValue, cursor.rawValue, date.timeIntervalSince1970,
            ]
        ) { row in (id: row["id"] as Int64, jid: row.text("jid"), silence: Silence(row)) }
        var count = 0
        for reader in readers {
            guard let end = reader.silence.end(at: date) else { continue }
            try run(
                """
                INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts,
                    nextAttemptAt, condition, recordedAt)
                VALUES (?, ?, ?, 'retry', 0, ?, 'recipient-unavailable', ?)
                """,
                [
                    fanOut.id.rawValue, reader.id, reader.jid, end.timeIntervalSince1970,
                    date.timeIntervalSince1970,
                ]
            )
            count += 1
        }
        guard count > 0 else { return 0 }
        try run("UPDATE fanOut SET total = total - ? WHERE id = ?", [count, fanOut.id.rawValue])
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

    /// Lets those not have a translation who have had the original and want no more; tells how many
    /// there are.
    ///
    /// Who was to have the original later gets the translation instead, and so do those it could not
    /// reach, or whom it was cancelled for.
    func withholdTranslation(_ fanOut: FanOutRecord, at date: Date) throws -> Int {
        guard fanOut.note == nil, fanOut.scope == .item else { return 0 }
        return try changes(
            """
            INSERT OR IGNORE INTO deliveryException (fanOut, subscription, jid, kind, attempts,
                condition, recordedAt)
            SELECT ?1, reader.id, reader.jid, 'retry', 0, 'recipient-unavailable', ?2
            FROM subscription AS reader JOIN (
                SELECT id, lastSubscription, state AS ending FROM fanOut AS original
                WHERE node = ?3 AND itemName = ?4 AND scope = 'item' AND note IS NULL
                    AND audience = 'plainCopy' AND id < ?1
                    AND NOT EXISTS (
                        SELECT 1 FROM fanOut AS withdrawal
                        WHERE withdrawal.node = ?3 AND withdrawal.itemName = ?4
                            AND withdrawal.note = ?5 AND withdrawal.id > original.id)
                ORDER BY id DESC LIMIT 1
            ) AS original ON reader.id <= original.lastSubscription
            WHERE reader.node = ?3 AND NOT takesTranslations AND \(Self.getsChat)
                AND original.ending <> 'cancelled'
                AND NOT EXISTS (
                    SELECT 1 FROM deliveryException AS unsent
                    WHERE unsent.fanOut = original.id AND unsent.subscription = reader.id
                        AND (unsent.kind = 'failed' OR unsent.nextAttemptAt IS NOT NULL
                            OR unsent.attempts = 0 AND unsent.triedAgainAt IS NULL))
            """,
            [
                fanOut.id.rawValue, date.timeIntervalSince1970, fanOut.node.rawValue,
                fanOut.item.rawValue, FanOutNote.retraction.rawValue,
            ]
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

    /// Lets nobody have the item any more who was to get it later.
    func withholdPostponed(of item: ItemID, in node: NodeRowID) throws {
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
            WHERE attempts = 0 AND kind = 'retry' AND nextAttemptAt IS NULL
                AND coalesce(triedAgainAt, recordedAt) < ?
                AND fanOut IN (
                    SELECT id FROM fanOut WHERE finishedAt IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM acknowledgement AS noted WHERE noted.fanOut = fanOut.id))
            """,
            [date.timeIntervalSince1970]
        )
    }

    /// The recipients of fan-out ?1 after ?6 who read in a chat and may want silence at ?7.
    private static let readersWithSilence = """
        SELECT reader.id AS id, reader.jid AS jid, \(Silence.columns)
        FROM (
            SELECT jid FROM quietHours UNION SELECT jid FROM doNotDisturb WHERE until > ?7
        ) AS silent CROSS JOIN subscription AS reader
            ON reader.jid = silent.jid AND reader.node = ?5
            LEFT JOIN quietHours AS quiet ON quiet.jid = silent.jid
            LEFT JOIN doNotDisturb AS busy ON busy.jid = silent.jid
        WHERE form = 'chat' AND \(isToBeWritten)
        """

    /// Whether a `reader` of the node is a recipient of fan-out ?1 after ?6 and up to ?2, where they
    /// have to be subscribed at ?3, and do not get the whole from node ?4.
    static let isToBeWritten = """
        reader.id > ?6 AND reader.id <= ?2 AND state = 'subscribed' AND isDelivered
            AND suspendedAt IS NULL AND (expiresAt IS NULL OR expiresAt > ?3)
            AND NOT (\(getsTheWhole))
            AND EXISTS (
                SELECT 1 FROM variant WHERE variant.fanOut = ?1 AND variant.form = reader.form
                    AND variant.amount = iif(reader.form = 'chat', reader.amount, ''))
            AND NOT EXISTS (
                SELECT 1 FROM deliveryException AS known
                WHERE known.fanOut = ?1 AND known.subscription = reader.id)
        """

    /// Whether a `reader` is sent something in a chat by fan-out ?1 at the moment ?2.
    private static let getsChat = """
        state = 'subscribed' AND form = 'chat' AND isDelivered AND suspendedAt IS NULL
        AND (expiresAt IS NULL OR expiresAt > ?2)
        AND EXISTS (
            SELECT 1 FROM variant WHERE variant.fanOut = ?1 AND variant.form = reader.form
                AND variant.amount = reader.amount)
        """
}
