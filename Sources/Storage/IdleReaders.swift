public import Foundation
internal import GRDB
public import XMPP

/// Readers in a chat who have given no sign of life for long, and are asked whether they still read.
///
/// A sign is that they write, or what ``noteSign(of:at:)`` is told of.
extension Transaction {
    /// Notes that somebody was there; no more often than once a day, unless they were asked.
    public func noteSign(of reader: JID, at date: Date) throws {
        try run(
            """
            UPDATE subscription SET signAt = ?2, askedAt = NULL
            WHERE \(Self.isOfReader) AND form = 'chat'
                AND (askedAt IS NOT NULL OR coalesce(signAt, createdAt) < ?2 - 86400)
            """,
            [reader.bare.description, date.timeIntervalSince1970]
        )
    }

    /// Some of those of whom nothing was heard since that moment and who were not asked; those who
    /// are sent nothing anyway are left alone.
    public func idleReaders(since date: Date, limit: Int) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE form = 'chat' AND state = 'subscribed' AND isDelivered AND suspendedAt IS NULL
                AND askedAt IS NULL AND createdAt < ?1
                AND coalesce(conversationAt, 0) < ?1 AND coalesce(signAt, 0) < ?1
            ORDER BY id LIMIT ?2
            """,
            [date.timeIntervalSince1970, limit],
            SubscriptionRecord.init
        )
    }

    /// Notes that the reader was asked by that subscription, which is our last message then.
    public func noteAsked(_ subscription: SubscriptionRowID, at date: Date) throws {
        try run(
            "UPDATE subscription SET askedAt = ?1, conversationAt = ?1 WHERE id = ?2",
            [date.timeIntervalSince1970, subscription.rawValue]
        )
    }

    /// Forgets that the reader was asked, since nobody may have been.
    public func forgetAsked(_ subscription: SubscriptionRowID) throws {
        try run("UPDATE subscription SET askedAt = NULL WHERE id = ?", [subscription.rawValue])
    }

    /// Some of those who were asked before that moment, gave no sign since, and still read in a chat.
    public func unansweredReaders(askedBefore date: Date, limit: Int) throws
        -> [SubscriptionRecord]
    {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE askedAt < ? AND form = 'chat' AND isDelivered ORDER BY askedAt LIMIT ?
            """,
            [date.timeIntervalSince1970, limit],
            SubscriptionRecord.init
        )
    }

    /// When the reader was last seen, and asked, by that subscription; nil if neither is known.
    public func signs(of subscription: SubscriptionRowID) throws -> (seen: Date?, asked: Date?) {
        try row(
            "SELECT signAt, askedAt FROM subscription WHERE id = ?",
            [subscription.rawValue]
        ) { (seen: $0.optionalDate(at: 0), asked: $0.optionalDate(at: 1)) } ?? (nil, nil)
    }
}
