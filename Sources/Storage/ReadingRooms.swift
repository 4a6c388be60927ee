internal import GRDB
public import XMPP

/// Rooms in which issues are announced.
extension Transaction {
    /// The password that is kept to enter the room.
    public func roomPassword(of room: JID) throws -> String? {
        try setting(Self.passwordKey(of: room))
    }

    public func setRoomPassword(_ password: String?, of room: JID) throws {
        try setSetting(Self.passwordKey(of: room), to: password)
    }

    private static func passwordKey(of room: JID) -> String {
        "password of \(room.bare)"
    }

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
