public import Foundation
internal import GRDB

/// Subscriptions that send nothing until a day (table `pause`).
extension Transaction {
    /// Sends nothing for the subscription until then.
    public func pause(_ subscription: SubscriptionRowID, until date: Date) throws {
        try run(
            "UPDATE subscription SET isDelivered = 0 WHERE id = ?",
            [subscription.rawValue]
        )
        try run(
            """
            INSERT INTO pause (subscription, until) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET until = excluded.until
            """,
            [subscription.rawValue, date.timeIntervalSince1970]
        )
    }

    /// When the subscription sends again; nil if it is not paused.
    public func pauseEnd(of subscription: SubscriptionRowID) throws -> Date? {
        try row("SELECT until FROM pause WHERE subscription = ?", [subscription.rawValue]) {
            $0.date(at: 0)
        }
    }

    /// Lets those send again whose pause is over; tells how many there were.
    @discardableResult
    public func endPauses(at date: Date) throws -> Int {
        try changes(
            """
            UPDATE subscription SET isDelivered = 1
            WHERE id IN (SELECT subscription FROM pause WHERE until <= ?)
            """,
            [date.timeIntervalSince1970]
        )
    }
}
