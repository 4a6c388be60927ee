public import Foundation
internal import GRDB

/// A message that is to be written again.
public struct DueRetry: Hashable, Sendable {
    public let fanOut: FanOutRecord
    public let recipient: Recipient
}

/// Readers who are to be tried again.
extension Transaction {
    /// When somebody is to be tried again first.
    public func nextRetry() throws -> Date? {
        try row(
            """
            SELECT min(nextAttemptAt) AS due FROM deliveryException
            WHERE nextAttemptAt IS NOT NULL
            """
        ) { $0.optionalDate("due") } ?? nil
    }

    /// The retries that are due, at most `limit`.
    ///
    /// Those that nobody waits for any more are forgotten: the reader has left or is suspended, the
    /// fan-out was cancelled, or a newer one of the item brings them the newer state.
    public func dueRetries(at date: Date, limit: Int) throws -> [DueRetry] {
        try run(Self.forgetVainRetries, [date.timeIntervalSince1970])
        return try rows(
            """
            SELECT retry.fanOut AS fanOut, reader.id AS id, reader.jid AS jid,
                reader.form AS form, reader.amount AS amount
            FROM deliveryException AS retry JOIN subscription AS reader
                ON reader.id = retry.subscription
            WHERE retry.nextAttemptAt <= ? ORDER BY retry.nextAttemptAt LIMIT ?
            """,
            [date.timeIntervalSince1970, limit]
        ) { row in
            let id: FanOutRowID = try row.rowID("fanOut", of: "deliveryException")
            guard let fanOut = try fanOut(id) else {
                throw StoreError.unreadable(table: "deliveryException", value: "\(id.rawValue)")
            }
            let recipient = Recipient(
                subscription: try row.rowID("id", of: "subscription"),
                address: row.text("jid"),
                kind: try VariantKind(row, of: "subscription")
            )
            return DueRetry(fanOut: fanOut, recipient: recipient)
        }
    }

    /// Notes that the server has read what was due at that moment and was written again.
    ///
    /// An error that came back to it in the meantime has set a later one, which stands.
    public func noteRetried(_ retry: DueRetry, dueAt date: Date) throws {
        try run(
            """
            UPDATE deliveryException SET nextAttemptAt = NULL, triedAgainAt = ?3
            WHERE fanOut = ?1 AND subscription = ?2 AND nextAttemptAt <= ?3
            """,
            [
                retry.fanOut.id.rawValue, retry.recipient.subscription.rawValue,
                date.timeIntervalSince1970,
            ]
        )
    }

    private static let forgetVainRetries = """
        DELETE FROM deliveryException WHERE nextAttemptAt <= ? AND (
            NOT EXISTS (
                SELECT 1 FROM subscription AS reader JOIN variant
                    ON variant.fanOut = deliveryException.fanOut AND variant.form = reader.form
                    AND variant.amount = iif(reader.form = 'chat', reader.amount, '')
                WHERE reader.id = deliveryException.subscription AND reader.isDelivered
                    AND reader.state = 'subscribed' AND reader.suspendedAt IS NULL)
            OR EXISTS (
                SELECT 1 FROM fanOut AS mine LEFT JOIN fanOut AS later
                    ON later.node = mine.node AND later.itemName = mine.itemName
                    AND later.scope = mine.scope AND later.id > mine.id
                WHERE mine.id = deliveryException.fanOut
                    AND (mine.state = 'cancelled' OR later.id IS NOT NULL)))
        """
}
