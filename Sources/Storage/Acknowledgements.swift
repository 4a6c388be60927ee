public import Foundation
internal import GRDB

/// How far fan-outs are taken back.
public enum RewindTarget: Hashable, Sendable {
    /// To where they were at this moment: a while before a stream was lost.
    case moment(Date)
    /// By so many seconds from what was acknowledged last: when a stream was lost nobody knows.
    case beforeLastAcknowledgement(by: TimeInterval)
}

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

    /// Notes where a fan-out ended, so that one can tell how much of it to go back into.
    public func noteEnd(of fanOut: FanOutRecord, at date: Date) throws {
        guard fanOut.cursor != .start else { return }
        try run(
            "INSERT OR REPLACE INTO acknowledgement (fanOut, cursor, sent, at) VALUES (?, ?, ?, ?)",
            [
                fanOut.id.rawValue, fanOut.cursor.rawValue, fanOut.sent,
                date.timeIntervalSince1970,
            ]
        )
    }

    /// Takes back what was acknowledged last, in fan-outs under way and just finished.
    ///
    /// A finished one runs again, unless a later one of the same item is in its place: another first
    /// publication, or a retraction. A correction may say no more than what has changed. It goes back
    /// together with what it corrects, and comes after it again; as one that was cancelled does not, who
    /// may have that is not gone back to.
    ///
    /// - Parameters:
    ///   - target: how far to go back.
    ///   - start: since when the server runs; what it acknowledged itself it still has.
    /// - Returns: Those whose cursor moved, as they are now.
    /// - Throws: What the database has to say.
    public func rewindFanOuts(
        _ target: RewindTarget,
        unlessReadAfter start: Date? = nil
    ) throws -> [FanOutRecord] {
        let affected = try rows(
            """
            SELECT * FROM fanOut
            WHERE id IN (SELECT fanOut FROM acknowledgement) AND state <> 'cancelled'
                AND NOT (finishedAt IS NOT NULL AND EXISTS (
                    SELECT 1 FROM fanOut AS later WHERE later.node = fanOut.node
                        AND later.itemName = fanOut.itemName
                        AND later.scope = fanOut.scope AND later.id > fanOut.id
                        AND later.note IS NOT 'correction'))
            ORDER BY id
            """,
            [],
            FanOutRecord.init
        )
        // Of all before any of them moves.
        let dated = try affected.map { ($0, moment: try moment(of: $0, target, start)) }
        for (original, translation) in try translatedOriginals() {
            guard let moment = try moment(of: original, target, start) else { continue }
            try sendTranslation(translation, toThoseAfter: moment, in: original)
        }
        return try dated.compactMap { fanOut, moment in
            try moment.flatMap { try rewind(fanOut, to: $0) }
        }
    }

    /// To when a fan-out is taken back; nil if the server still has all of its item.
    private func moment(
        of fanOut: FanOutRecord,
        _ target: RewindTarget,
        _ start: Date?
    ) throws -> Date? {
        let last = try lastAcknowledgement(ofItemOf: fanOut)
        if let start, let last, last > start { return nil }
        return switch target {
        case .moment(let date): date
        case .beforeLastAcknowledgement(let seconds): last.map { $0 - seconds }
        }
    }

    /// When anything was acknowledged last; nil if nothing can be gone back into.
    public func lastAcknowledgement() throws -> Date? {
        try row("SELECT max(at) AS at FROM acknowledgement") { $0.optionalDate("at") } ?? nil
    }

    /// When the first of the finished fan-outs that can still be gone back into had ended.
    public func firstUnsettledEnd() throws -> Date? {
        try row(
            """
            SELECT min(ended) AS ended FROM (
                SELECT max(noted.at) AS ended FROM acknowledgement AS noted
                JOIN fanOut AS done ON done.id = noted.fanOut AND done.finishedAt IS NOT NULL
                GROUP BY noted.fanOut)
            """
        ) { $0.optionalDate("ended") } ?? nil
    }

    // MARK: -

    /// When anything about the fan-out's item was acknowledged last.
    private func lastAcknowledgement(ofItemOf fanOut: FanOutRecord) throws -> Date? {
        try row(
            """
            SELECT max(noted.at) AS at FROM fanOut JOIN acknowledgement AS noted
                ON noted.fanOut = fanOut.id
            WHERE node = ? AND itemName = ? AND scope = ?
            """,
            [fanOut.node.rawValue, fanOut.item.rawValue, fanOut.scope.rawValue]
        ) { $0.optionalDate("at") } ?? nil
    }

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

    /// How far the fan-out was at that moment.
    private func place(
        of fanOut: FanOutRowID,
        at date: Date
    ) throws -> (cursor: Int64, sent: Int) {
        try row(
            """
            SELECT cursor, sent FROM acknowledgement WHERE fanOut = ? AND at <= ?
            ORDER BY cursor DESC LIMIT 1
            """,
            [fanOut.rawValue, date.timeIntervalSince1970]
        ) { (cursor: $0[0], sent: $0[1]) } ?? (cursor: 0, sent: 0)
    }

    /// Originals that can be gone back into, but for the translation that has taken their place.
    private func translatedOriginals() throws
        -> [(original: FanOutRecord, translation: FanOutRowID)]
    {
        try rows(
            """
            SELECT original.*, max(translation.id) AS translation
            FROM fanOut AS original JOIN fanOut AS translation
                ON translation.node = original.node AND translation.itemName = original.itemName
                    AND translation.scope = original.scope AND translation.id > original.id
            WHERE original.id IN (SELECT fanOut FROM acknowledgement)
                AND original.audience = 'plainCopy' AND original.finishedAt IS NOT NULL
                AND translation.note IS NULL
            GROUP BY original.id
            """
        ) {
            (original: try FanOutRecord($0), translation: try $0.rowID("translation", of: "fanOut"))
        }
    }

    /// Lets those have the translation who want none after the original, of whom it is not certain any
    /// more that they have that.
    private func sendTranslation(
        _ translation: FanOutRowID,
        toThoseAfter date: Date,
        in original: FanOutRecord
    ) throws {
        let place = try place(of: original.id, at: date)
        try run(
            """
            UPDATE deliveryException SET nextAttemptAt = recordedAt
            WHERE fanOut = ? AND attempts = 0 AND nextAttemptAt IS NULL AND triedAgainAt IS NULL
                AND subscription > ? AND subscription <= ? AND subscription IN (
                    SELECT id FROM subscription WHERE node = ? AND NOT takesTranslations)
            """,
            [
                translation.rawValue, place.cursor, original.cursor.rawValue,
                original.node.rawValue,
            ]
        )
    }

    private func rewind(_ record: FanOutRecord, to date: Date) throws -> FanOutRecord? {
        let place = try placeBehindCancelled(place(of: record.id, at: date), of: record)
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

    /// No further back than a correction came that was cancelled, which is not sent again: who may have it
    /// is not sent what it has corrected.
    private func placeBehindCancelled(
        _ place: (cursor: Int64, sent: Int),
        of record: FanOutRecord
    ) throws -> (cursor: Int64, sent: Int) {
        let reached =
            try row(
                """
                SELECT max(cursor) AS cursor FROM fanOut
                WHERE node = ? AND itemName = ? AND scope = ? AND id > ? AND state = 'cancelled'
                """,
                [
                    record.node.rawValue, record.item.rawValue, record.scope.rawValue,
                    record.id.rawValue,
                ]
            ) { $0["cursor"] as Int64? } ?? nil
        guard let reached, reached > place.cursor else { return place }
        let between = try count(
            """
            SELECT count(*) FROM subscription
            WHERE node = ? AND state = 'subscribed' AND id > ? AND id <= ? AND isDelivered
                AND suspendedAt IS NULL
            """,
            [record.node.rawValue, place.cursor, reached]
        )
        return (reached, min(place.sent + between, record.sent))
    }
}
