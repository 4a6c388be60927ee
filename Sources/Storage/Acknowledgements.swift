public import Foundation
internal import GRDB

/// How far a fan-out's readers are known to have been read by the server, and since when (table
/// `acknowledgement`).
extension Transaction {
    /// Moves the fan-out's cursor on, over `count` readers that were written, and marks it running.
    ///
    /// About once a second the place is noted, so that one can go back to it; notes older than the
    /// newest from before `horizon` are forgotten.
    ///
    /// - Returns: The fan-out as it is now; nil if it is over or gone.
    public func moveCursor(
        of id: FanOutRowID,
        to cursor: SubscriptionRowID,
        over count: Int,
        at date: Date,
        horizon: Date
    ) throws -> FanOutRecord? {
        let moved = try changes(
            """
            UPDATE fanOut SET cursor = ?, sent = sent + ?,
                state = iif(state = 'held', 'held', 'running')
            WHERE id = ? AND state IN ('waiting', 'running', 'held')
            """,
            [cursor.rawValue, count, id.rawValue]
        )
        guard moved == 1, let record = try fanOut(id) else { return nil }
        try noteAcknowledgement(record, at: date)
        try forgetAcknowledgements(of: id, before: horizon)
        return record
    }

    /// Takes back what was acknowledged after `date`, in fan-outs under way and just finished.
    ///
    /// A finished one runs again, unless a later one of the same item carries the newer state.
    ///
    /// - Returns: Those whose cursor moved, as they are now.
    public func rewindFanOuts(to date: Date) throws -> [FanOutRecord] {
        let affected = try rows(
            """
            SELECT * FROM fanOut
            WHERE id IN (SELECT fanOut FROM acknowledgement) AND state <> 'cancelled'
                AND (finishedAt IS NULL OR finishedAt > ?1)
                AND NOT (state = 'finished' AND EXISTS (
                    SELECT 1 FROM fanOut AS later WHERE later.node = fanOut.node
                        AND later.itemName = fanOut.itemName
                        AND later.scope = fanOut.scope AND later.id > fanOut.id))
            ORDER BY id
            """,
            [date.timeIntervalSince1970],
            FanOutRecord.init
        )
        return try affected.compactMap { try rewind($0, to: date) }
    }

    // MARK: -

    private func noteAcknowledgement(_ record: FanOutRecord, at date: Date) throws {
        try run(
            """
            INSERT INTO acknowledgement (fanOut, cursor, sent, at)
            SELECT ?1, ?2, ?3, ?4
            WHERE NOT EXISTS (
                SELECT 1 FROM acknowledgement WHERE fanOut = ?1 AND at > ?4 - 1 AND at <= ?4)
            ON CONFLICT DO UPDATE SET sent = excluded.sent, at = excluded.at
            """,
            [
                record.id.rawValue, record.cursor.rawValue, record.sent,
                date.timeIntervalSince1970,
            ]
        )
    }

    private func forgetAcknowledgements(of id: FanOutRowID, before horizon: Date) throws {
        try run(
            """
            DELETE FROM acknowledgement WHERE fanOut = ?1 AND cursor < (
                SELECT max(cursor) FROM acknowledgement WHERE fanOut = ?1 AND at <= ?2)
            """,
            [id.rawValue, horizon.timeIntervalSince1970]
        )
    }

    private func rewind(_ record: FanOutRecord, to date: Date) throws -> FanOutRecord? {
        let place =
            try row(
                """
                SELECT cursor, sent FROM acknowledgement WHERE fanOut = ? AND at <= ?
                ORDER BY cursor DESC LIMIT 1
                """,
                [record.id.rawValue, date.timeIntervalSince1970]
            ) { (cursor: $0[0] as Int64, sent: $0[1] as Int) } ?? (cursor: 0, sent: 0)
        guard place.cursor < record.cursor.rawValue else { return nil }
        try run(
            """
            UPDATE fanOut SET cursor = ?, sent = ?, finishedAt = NULL,
                state = iif(state = 'finished', 'running', state)
            WHERE id = ?
            """,
            [place.cursor, place.sent, record.id.rawValue]
        )
        try run(
            "DELETE FROM acknowledgement WHERE fanOut = ? AND cursor > ?",
            [record.id.rawValue, place.cursor]
        )
        return try fanOut(record.id)
    }
}
