internal import Foundation
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
    /// something now, and belong to its audience; nobody is told in a chat of a part of what they get
    /// as a whole. Fewer than `limit` means that nobody comes after.
    public func recipients(
        of fanOut: FanOutRecord,
        after cursor: SubscriptionRowID,
        limit: Int
    ) throws -> RecipientPage {
        let kinds = RecipientKinds(try kinds(of: fanOut))
        var postponed = try PostponedInOrder(of: fanOut.id, after: cursor, in: database)
        let corrected = try fanOut.corrects.flatMap { try self.fanOut($0) }
        let (sql, values) = Self.page(of: fanOut, correcting: corrected, after: cursor)
        var page = RecipientPage()
        page.reserve(limit)
        try quickRows(sql, values) { row in
            if postponed.isAnybodyLeft, try postponed.contains(row.integer(at: 0)) { return true }
            page.append(row, among: kinds)
            return page.count < limit
        }
        return page
    }

    private static func page(
        of fanOut: FanOutRecord,
        correcting corrected: FanOutRecord?,
        after cursor: SubscriptionRowID
    ) -> (sql: String, values: [QuickValue]) {
        let node = QuickValue.integer(fanOut.node.rawValue)
        let last = QuickValue.integer(fanOut.lastSubscription.rawValue)
        let start = QuickValue.integer(cursor.rawValue)
        let date = QuickValue.real(fanOut.createdAt.timeIntervalSince1970)
        let whole = fanOut.wholeNode.map { QuickValue.integer($0.rawValue) }
        if let corrected {
            let values: [QuickValue] = [
                node, last, date, whole ?? .null, start, .integer(fanOut.id.rawValue),
                .integer(corrected.id.rawValue), .integer(corrected.cursor.rawValue),
                .real(corrected.createdAt.timeIntervalSince1970),
            ]
            return (LastMessage.recipientsPage, values)
        }
        guard let whole else { return (recipientsPage, [node, start, last, date]) }
        return (partRecipientsPage, [node, last, date, whole, start])
    }

    /// How many recipients there are at the start, from the running counts.
    func recipientCount(of fanOut: FanOutRecord) throws -> Int {
        let counted = try count(
            """
            SELECT coalesce(sum(readers), 0) FROM variant JOIN readerCount USING (form, amount)
            WHERE fanOut = ? AND node = ? AND (? = 'all' OR form IN ('chat', 'room'))
            """,
            [fanOut.id.rawValue, fanOut.node.rawValue, fanOut.audience.rawValue]
        )
        return try counted - expiredCount(fanOut) - wholeReaderCount(fanOut)
    }

    /// Those among the counted who get the whole, of which this fan-out is a part.
    private func wholeReaderCount(_ fanOut: FanOutRecord) throws -> Int {
        guard let whole = fanOut.wholeNode else { return 0 }
        return try count(
            """
            SELECT count(*) FROM subscription AS reader
            WHERE node = ?1 AND state = 'subscribed' AND id <= ?2 AND isDelivered
                AND suspendedAt IS NULL AND (expiresAt IS NULL OR expiresAt > ?3)
                AND \(Self.getsTheWhole)
                AND EXISTS (
                    SELECT 1 FROM variant
                    WHERE variant.fanOut = ?5 AND variant.form = reader.form
                        AND variant.amount = reader.amount)
            """,
            [
                fanOut.node.rawValue, fanOut.lastSubscription.rawValue,
                fanOut.createdAt.timeIntervalSince1970, whole.rawValue, fanOut.id.rawValue,
            ]
        )
    }

    /// Those among the counted whose time is over, but who were not ended yet: never many.
    ///
    /// The plus signs keep SQLite from walking over all readers of the node instead.
    private func expiredCount(_ fanOut: FanOutRecord) throws -> Int {
        try count(
            """
            SELECT count(*) FROM subscription AS reader
            WHERE expiresAt <= ?1 AND +node = ?2 AND +state = 'subscribed' AND isDelivered
                AND suspendedAt IS NULL
                AND (?3 = 'all' OR form IN ('chat', 'room'))
                AND EXISTS (
                    SELECT 1 FROM variant
                    WHERE variant.fanOut = ?4 AND variant.form = reader.form
                        AND variant.amount = iif(reader.form = 'chat', reader.amount, ''))
            """,
            [
                fanOut.createdAt.timeIntervalSince1970, fanOut.node.rawValue,
                fanOut.audience.rawValue, fanOut.id.rawValue,
            ]
        )
    }

    /// Which variants the fan-out has for its audience.
    private func kinds(of fanOut: FanOutRecord) throws -> [VariantKind] {
        try rows(
            "SELECT form, amount FROM variant WHERE fanOut = ?",
            [fanOut.id.rawValue]
        ) { try VariantKind($0, of: "variant") }
        .filter { fanOut.audience == .all || $0.isPlain }
    }

    /// Whether a `reader` is told in a chat of what node ?4 sends them as well, with the newest
    /// subscription as ?2 and the moment as ?3.
    static let getsTheWhole = """
        form = 'chat' AND EXISTS (
            SELECT 1 FROM subscription AS other
            WHERE other.jid = reader.jid AND other.node = ?4 AND other.state = 'subscribed'
                AND other.id <= ?2 AND other.isDelivered AND other.suspendedAt IS NULL
                AND (other.expiresAt IS NULL OR other.expiresAt > ?3))
        """

    /// As ``recipientsPage``, for a part of what another node has as a whole.
    private static let partRecipientsPage = """
        SELECT id, jid, form, amount FROM subscription AS reader
        WHERE node = ?1 AND state = 'subscribed' AND id > ?5 AND id <= ?2 AND isDelivered
            AND suspendedAt IS NULL
            AND (expiresAt IS NULL OR expiresAt > ?3)
            AND NOT (\(getsTheWhole))
        ORDER BY id
        """

    /// A node's readers; the columns stand in the order in which ``RecipientPage`` reads them.
    static let recipientsPage = """
        SELECT id, jid, form, amount FROM subscription
        WHERE node = ? AND state = 'subscribed' AND id > ? AND id <= ? AND isDelivered
            AND suspendedAt IS NULL
            AND (expiresAt IS NULL OR expiresAt > ?)
        ORDER BY id
        """
}
