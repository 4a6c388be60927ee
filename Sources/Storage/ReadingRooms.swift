internal import GRDB
public import XMPP

/// Rooms in which issues are announced.
extension Transaction {
    /// The rooms that read something, each with a node of what it reads.
    public func readingRooms() throws -> [(room: JID, node: NodeID)] {
        try rows(
            """
            SELECT subscription.jid AS jid, min(node.name) AS name
            FROM subscription JOIN node ON node.id = subscription.node
            WHERE form = 'room' AND node.deletedAt IS NULL GROUP BY jid ORDER BY jid
            """,
            []
        ) { row in
            let name = row.text("name")
            guard let node = NodeID(rawValue: name) else {
                throw StoreError.unreadable(table: "node", value: name)
            }
            return (room: try row.jid("jid", of: "subscription"), node: node)
        }
    }
}
