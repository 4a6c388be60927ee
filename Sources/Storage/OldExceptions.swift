public import Foundation
internal import GRDB

/// What came back so long ago that nobody asks any more from whom.
///
/// How many a fan-out did not reach, and why, is told of it for as long as it is known: so of those who were
/// given up a row stays that is nobody's. It has no address, and instead of the subscription's number
/// one below zero that means nothing.
extension Transaction {
    /// Whether there is anybody to be forgotten; see ``forgetExceptions(before:)``.
    public func hasOldExceptions(before date: Date) throws -> Bool {
        try !oldExceptions(before: date, limit: 1).isEmpty
    }

    /// Forgets who could not be reached, or was tried again, before that moment, and is not to be tried
    /// again; at most 1,000 at a time.
    ///
    /// Who reads in a chat is remembered until something newer went out to them: the last message they
    /// had from us would otherwise seem to be one they have not had (``LastMessage``).
    ///
    /// - Returns: How many were forgotten.
    @discardableResult
    public func forgetExceptions(before date: Date) throws -> Int {
        let old = try oldExceptions(before: date, limit: 1000)
        for (fanOut, reader) in old {
            try run(
                """
                DELETE FROM deliveryException
                WHERE fanOut = ? AND subscription = ? AND kind <> 'failed'
                """,
                [fanOut, reader]
            )
            // A number that is taken, which is less likely than any disaster, is drawn again next time.
            try run(
                """
                UPDATE OR IGNORE deliveryException
                SET jid = '', subscription = -1 - (random() & 0x3fffffffffffffff)
                WHERE fanOut = ? AND subscription = ?
                """,
                [fanOut, reader]
            )
        }
        return old.count
    }

    private func oldExceptions(
        before date: Date,
        limit: Int
    ) throws -> [(fanOut: Int64, reader: Int64)] {
        try rows(
            """
            WITH latest (node, at) AS MATERIALIZED (
                SELECT node, max(createdAt) FROM fanOut WHERE sendsChats GROUP BY node)
            SELECT old.fanOut AS fanOut, old.subscription AS reader
            FROM fanOut AS done CROSS JOIN deliveryException AS old
                ON old.fanOut = done.id AND old.subscription > 0
            WHERE done.finishedAt < ?1 AND old.attempts > 0 AND old.nextAttemptAt IS NULL
                AND \(Self.lastNotedAt) < ?1
                AND NOT EXISTS (
                    SELECT 1 FROM subscription AS reader JOIN latest ON latest.node = reader.node
                    WHERE reader.jid = old.jid AND reader.form = 'chat'
                        AND \(Self.lastNotedAt) >= latest.at)
            LIMIT ?2
            """,
            [date.timeIntervalSince1970, limit]
        ) { ($0["fanOut"], $0["reader"]) }
    }

    private static let lastNotedAt = "max(old.recordedAt, coalesce(old.triedAgainAt, 0))"
}
