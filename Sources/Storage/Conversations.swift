public import Foundation
internal import GRDB
public import XMPP

/// When those who read in a chat and we have talked last, beside what is delivered to them.
extension Transaction {
    /// Notes that we have just talked, so that nothing delivered before is our last message any more.
    ///
    /// Nothing is kept of those who get no messages.
    public func noteConversation(with reader: JID, at date: Date) throws {
        try run(
            """
            UPDATE subscription SET conversationAt = ?2, askedAt = NULL
            WHERE \(Self.isOfReader) AND form = 'chat'
            """,
            [reader.bare.description, date.timeIntervalSince1970]
        )
    }

    /// When that was; nil if it is not known.
    public func conversation(of subscription: SubscriptionRowID) throws -> Date? {
        try row(
            "SELECT conversationAt FROM subscription WHERE id = ?",
            [subscription.rawValue]
        ) { $0.optionalDate(at: 0) } ?? nil
    }
}
