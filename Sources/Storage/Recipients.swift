internal import GRDB

/// A reader to whom a fan-out is to be written.
public struct Recipient: Hashable, Sendable {
    public let subscription: SubscriptionRowID
    /// As it goes on the wire; it was checked when the subscription was made.
    public let address: String
    public let kind: VariantKind
}

extension Transaction {
    /// The next recipients after the cursor, in the order of their subscriptions.
    ///
    /// They are those who are subscribed now, were so when the fan-out started, want to be sent
    /// something, and belong to its audience.
    public func recipients(
        of fanOut: FanOutRecord,
        after cursor: SubscriptionRowID,
        limit: Int
    ) throws -> [Recipient] {
        try rows(
            Self.recipientsPage,
            [fanOut.id.rawValue, cursor.rawValue, limit],
            Recipient.init
        )
    }

    func recipientCount(of fanOut: FanOutRowID) throws -> Int {
        try count("SELECT count(*) \(Self.recipients)", [fanOut.rawValue])
    }

    static let recipientsPage = """
        SELECT reader.id, reader.jid, reader.form, reader.amount \(recipients)
            AND reader.id > ? ORDER BY reader.id LIMIT ?
        """

    /// The rows of a fan-out's readers; the join order is that of the words, so that a batch is
    /// read from the index without sorting.
    private static let recipients = """
        FROM fanOut CROSS JOIN subscription AS reader
        WHERE fanOut.id = ? AND reader.node = fanOut.node AND reader.state = 'subscribed'
            AND reader.id <= fanOut.lastSubscription AND reader.isDelivered
            AND (reader.expiresAt IS NULL OR reader.expiresAt > fanOut.createdAt)
            AND (fanOut.audience = 'all' OR reader.form = 'chat')
            AND EXISTS (
                SELECT 1 FROM variant
                WHERE variant.fanOut = fanOut.id AND variant.form = reader.form
                    AND variant.amount = iif(reader.form = 'chat', reader.amount, ''))
        """
}

extension Recipient {
    init(_ row: Row) throws {
        subscription = try row.rowID("id", of: "subscription")
        address = row.text("jid")
        kind = try VariantKind(row, of: "subscription")
    }
}
