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

    /// The rooms that read something, each with what it reads.
    ///
    /// What can't be read is left out: the other rooms are to be entered all the same.
    public func readingRooms() throws -> [(room: JID, nodes: Set<NodeID>)] {
        let found = try rows(
            """
            SELECT subscription.jid AS jid, node.name AS name
            FROM subscription JOIN node ON node.id = subscription.node
            WHERE form = 'room' AND node.deletedAt IS NULL
            """,
            []
        ) { row in
            (
                room: try? row.jid("jid", of: "subscription"),
                node: NodeID(rawValue: row.text("name"))
            )
        }
        var rooms: [JID: Set<NodeID>] = [:]
        for case (let room?, let node?) in found { rooms[room, default: []].insert(node) }
        return rooms.map { (room: $0.key, nodes: $0.value) }
            .sorted { $0.room.description < $1.room.description }
    }

    /// The rooms that we look at after an invitation, each with our full address there.
    public func visits() throws -> [(room: JID, address: JID)] {
        try settings(startingWith: Self.visitPrefix).compactMap { key, value in
            guard let room = try? JID(String(key.dropFirst(Self.visitPrefix.count))),
                let address = try? JID(value)
            else { return nil }
            return (room, address)
        }
    }

    /// Remembers that we are in the room with that address to see whether we stay; nil forgets it.
    public func setVisit(to room: JID, as address: JID?) throws {
        try setSetting("\(Self.visitPrefix)\(room.bare)", to: address?.description)
    }

    private static let visitPrefix = "visit to "
}
