public import Foundation
internal import GRDB
public import XMPP

/// Readers who are sent something, or are subscribed at all, only while they are there.
extension Transaction {
    /// Whether anybody reads the node who is to be there for it.
    public func hasReadersByPresence(_ node: NodeRowID) throws -> Bool {
        try count(
            "SELECT EXISTS (SELECT 1 FROM subscription WHERE node = ? AND showValues IS NOT NULL)",
            [node.rawValue]
        ) > 0
    }

    /// Lets those not have the fan-out who come after the cursor and show none of what they have
    /// chosen; tells how many there are.
    ///
    /// They count no longer among its readers, and can fetch what it brings.
    @discardableResult
    public func withholdFromAbsent(
        _ fanOut: FanOutRecord,
        after cursor: SubscriptionRowID,
        at date: Date
    ) throws -> Int {
        guard try self.fanOut(fanOut.id)?.state.isUnfinished == true else { return 0 }
        let count = try changes(
            """
            INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts, condition,
                recordedAt)
            SELECT ?1, reader.id, reader.jid, 'retry', 0, 'recipient-unavailable', ?7
            FROM subscription AS reader
            WHERE reader.node = ?5 AND showValues IS NOT NULL AND NOT \(Self.isThere(at: "?7"))
                AND \(Self.isToBeWritten)
            """,
            [
                fanOut.id.rawValue, fanOut.lastSubscription.rawValue,
                fanOut.createdAt.timeIntervalSince1970, fanOut.wholeNode?.rawValue,
                fanOut.node.rawValue, cursor.rawValue, date.timeIntervalSince1970,
            ]
        )
        guard count > 0 else { return 0 }
        try run("UPDATE fanOut SET total = total - ? WHERE id = ?", [count, fanOut.id.rawValue])
        return count
    }

    /// The subscriptions that end with their readers' presence and whose readers are not there any
    /// more: those of one person, or all.
    public func subscriptionsWithoutPresence(
        of reader: JID? = nil,
        at date: Date
    ) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription AS reader
            WHERE endsWithPresence AND (\(reader == nil ? "?1 IS NULL" : Self.isOfReader))
                AND NOT EXISTS (
                    SELECT 1 FROM presence AS client
                    WHERE \(Self.isClient) AND client.until > ?2 AND client.show IS NOT NULL)
            """,
            [reader?.bare.description, date.timeIntervalSince1970],
            SubscriptionRecord.init
        )
    }

    /// Whether one of the clients of a `reader` shows what that reader has chosen.
    static func isThere(at moment: String) -> String {
        """
        EXISTS (
            SELECT 1 FROM presence AS client
            WHERE \(isClient) AND client.until > \(moment)
                AND instr(reader.showValues, client.show) > 0)
        """
    }

    /// Whether a `client` is the `reader`, or one of several who read by a bare address.
    private static let isClient = """
        (client.jid = reader.jid OR instr(reader.jid, '/') = 0
            AND client.jid > reader.jid || '/' AND client.jid < reader.jid || '0')
        """
}
