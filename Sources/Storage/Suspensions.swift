public import Foundation
internal import GRDB

/// Readers who are sent nothing for the time being, since too much came back from them.
extension Transaction {
    /// How many items a reader has failed to take since that moment, corrections of one counting as
    /// one.
    public func failedItems(of reader: SubscriptionRowID, since date: Date) throws -> Int {
        try count(
            """
            SELECT count(DISTINCT fanOut.itemName) FROM deliveryException JOIN fanOut
                ON fanOut.id = deliveryException.fanOut
            WHERE subscription = ? AND kind = 'failed' AND recordedAt > ?
            """,
            [reader.rawValue, date.timeIntervalSince1970]
        )
    }

    /// Suspends the reader, and tells whether that is new.
    @discardableResult
    public func suspend(_ reader: SubscriptionRowID, at date: Date) throws -> Bool {
        try changes(
            "UPDATE subscription SET suspendedAt = ? WHERE id = ? AND suspendedAt IS NULL",
            [date.timeIntervalSince1970, reader.rawValue]
        ) == 1
    }

    /// Lets a suspended reader begin anew, without the failures of before.
    @discardableResult
    public func resume(_ reader: SubscriptionRowID) throws -> Bool {
        let wasSuspended = try changes(
            "UPDATE subscription SET suspendedAt = NULL WHERE id = ? AND suspendedAt IS NOT NULL",
            [reader.rawValue]
        )
        guard wasSuspended == 1 else { return false }
        try run(
            "DELETE FROM deliveryException WHERE subscription = ? AND kind = 'failed'",
            [reader.rawValue]
        )
        return true
    }

    /// Since when the reader is suspended; nil if they are not.
    public func suspension(of reader: SubscriptionRowID) throws -> Date? {
        try row("SELECT suspendedAt FROM subscription WHERE id = ?", [reader.rawValue]) {
            $0.optionalDate(at: 0)
        } ?? nil
    }

    public func suspendedCount(of node: NodeRowID) throws -> Int {
        try count(
            "SELECT count(*) FROM subscription WHERE node = ? AND suspendedAt IS NOT NULL",
            [node.rawValue]
        )
    }

    /// Ends the subscriptions of those who have been suspended since before that moment, and gives
    /// them.
    public func endSuspensions(begunBefore date: Date) throws -> [SubscriptionRecord] {
        let ended = try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE suspendedAt < ? ORDER BY suspendedAt LIMIT 1000
            """,
            [date.timeIntervalSince1970],
            SubscriptionRecord.init
        )
        for record in ended { try endSubscription(record.id) }
        return ended
    }
}
