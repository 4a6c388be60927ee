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
            UPDATE subscription SET signAt = ?2, \(Self.isAskedNoMore)
            WHERE \(Self.isOfReader) AND form = 'chat'
                AND (askedAt IS NOT NULL OR coalesce(signAt, createdAt) < ?2 - 86400)
            """,
            [reader.bare.description, date.timeIntervalSince1970]
        )
    }

    /// What is changed where somebody need not answer any more: our question is a thing said still.
    static let isAskedNoMore = """
        conversationAt = coalesce(max(conversationAt, askedAt), conversationAt, askedAt),
            askedAt = NULL
        """

    /// Some of the nodes' readers of whom nothing was heard since that moment and who were not asked,
    /// among the subscriptions after one, and the last that was looked at; those who are sent nothing
    /// anyway are left alone.
    ///
    /// So many are looked at that nothing else waits for long; nil if none comes after.
    public func idleReaders(
        of nodes: [NodeID],
        since date: Date,
        after last: SubscriptionRowID,
        lookingAt count: Int,
        limit: Int
    ) throws -> (readers: [SubscriptionRecord], last: SubscriptionRowID?) {
        let end = last.rawValue + Int64(count)
        let readers = try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE id > ?3 AND id <= ?4 AND form = 'chat' AND state = 'subscribed' AND isDelivered
                AND suspendedAt IS NULL AND askedAt IS NULL AND createdAt < ?1 AND \(Self.isIdle)
                AND +node IN (
                    SELECT id FROM node
                    WHERE name IN (SELECT value FROM json_each(?5)) AND deletedAt IS NULL)
            ORDER BY id LIMIT ?2
            """,
            [
                date.timeIntervalSince1970, limit, last.rawValue, end, try Self.jsonArray(nodes),
            ],
            SubscriptionRecord.init
        )
        let newest = try row("SELECT max(id) FROM subscription") { $0[0] as Int64? } ?? nil
        return (readers, end < newest ?? 0 ? SubscriptionRowID(rawValue: end) : nil)
    }

    /// Whether nothing was heard since ?1.
    private static let isIdle = "coalesce(conversationAt, 0) < ?1 AND coalesce(signAt, 0) < ?1"

    /// Notes that the reader was asked by that subscription, unless something was heard since the
    /// moment; which is our last message then.
    public func noteAsked(
        _ subscription: SubscriptionRowID,
        unlessHeardSince moment: Date,
        at date: Date
    ) throws {
        try run(
            "UPDATE subscription SET askedAt = ?2 WHERE id = ?3 AND form = 'chat' AND \(Self.isIdle)",
            [
                moment.timeIntervalSince1970, date.timeIntervalSince1970, subscription.rawValue,
            ]
        )
    }

    /// Takes it that nobody was asked by what a server that died may have lost.
    ///
    /// - Parameters:
    ///   - target: how far to go back, by the time of day.
    ///   - latest: what was read after it the server still has.
    /// - Throws: What the database has to say.
    public func rewindQuestions(_ target: RewindTarget, upTo latest: Date) throws {
        let moment: Date? =
            switch target {
            case .moment(let date): date
            case .beforeLastAcknowledgement(let seconds):
                try row("SELECT max(askedAt) AS at FROM subscription WHERE askedAt IS NOT NULL") {
                    $0.optionalDate("at")
                }?.map { $0 - seconds }
            }
        guard let moment else { return }
        try run(
            "UPDATE subscription SET askedAt = NULL WHERE askedAt >= ? AND askedAt <= ?",
            [moment.timeIntervalSince1970, latest.timeIntervalSince1970]
        )
    }

    /// Whether the reader was asked, and has not answered yet.
    public func isAsked(_ reader: JID) throws -> Bool {
        try row(
            """
            SELECT EXISTS (
                SELECT * FROM subscription
                WHERE \(Self.isOfReader) AND form = 'chat' AND askedAt IS NOT NULL
            )
            """,
            [reader.bare.description]
        ) { $0[0] as Bool } ?? false
    }

    /// Takes it that a question has not reached the reader; they are asked again when nothing was
    /// heard for as long once more.
    public func noteUnasked(_ reader: JID, at date: Date) throws {
        try run(
            """
            UPDATE subscription SET askedAt = NULL, conversationAt = ?2
            WHERE \(Self.isOfReader) AND form = 'chat' AND askedAt IS NOT NULL
            """,
            [reader.bare.description, date.timeIntervalSince1970]
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
