public import Foundation
internal import GRDB
public import XML
public import XMPP

/// An item of a node (table `item`).
public struct ItemRecord: Hashable, Sendable {
    public let name: ItemID
    /// The address to be shown as the publisher's.
    public let publisher: String
    /// The payload as XML of its own; empty if the item has none.
    public let payload: [UInt8]
    /// When it was first published; overwriting keeps it.
    public let publishedAt: Date
    public let updatedAt: Date
    /// The place in the node's order of publication, which is never given again; overwriting moves
    /// an item to the end.
    public let sequence: Int

    /// Reads the payload again; nil if the item has none.
    public func payloadElement() throws -> Element? {
        guard !payload.isEmpty else { return nil }
        return try Element(xml: String(decoding: payload, as: UTF8.self))
    }
}

public enum ItemChange: Hashable, Sendable {
    case created, replaced
}

extension Transaction {
    /// The newest items of the node, newest first; all of them without a limit.
    public func items(of node: NodeRowID, limit: Int? = nil) throws -> [ItemRecord] {
        try rows(
            "SELECT \(ItemRecord.columns) FROM item WHERE node = ? ORDER BY sequence DESC LIMIT ?",
            [node.rawValue, limit ?? -1],
            ItemRecord.init
        )
    }

    /// The items of those names that exist, newest first.
    public func items(of node: NodeRowID, named names: [ItemID]) throws -> [ItemRecord] {
        try rows(
            """
            SELECT \(ItemRecord.columns) FROM item
            WHERE node = ? AND name IN (SELECT value FROM json_each(?))
            ORDER BY sequence DESC
            """,
            [node.rawValue, try Self.jsonArray(names)],
            ItemRecord.init
        )
    }

    /// Those of the names that items have, newest first; however many there are, no payload is read.
    public func itemNames(of node: NodeRowID, among names: [ItemID]) throws -> [ItemID] {
        try rows(
            """
            SELECT name FROM item
            WHERE node = ? AND name IN (SELECT value FROM json_each(?))
            ORDER BY sequence DESC
            """,
            [node.rawValue, try Self.jsonArray(names)]
        ) { try $0.word("name", of: "item") }
    }

    public func item(_ name: ItemID, of node: NodeRowID) throws -> ItemRecord? {
        try row(
            "SELECT \(ItemRecord.columns) FROM item WHERE node = ? AND name = ?",
            [node.rawValue, name.rawValue],
            ItemRecord.init
        )
    }

    public func latestItem(of node: NodeRowID) throws -> ItemRecord? {
        try items(of: node, limit: 1).first
    }

    /// The names of all items, newest first.
    public func itemNames(of node: NodeRowID) throws -> [ItemID] {
        try rows(
            "SELECT name FROM item WHERE node = ? ORDER BY sequence DESC",
            [node.rawValue]
        ) { try $0.word("name", of: "item") }
    }

    public func itemCount(of node: NodeRowID) throws -> Int {
        try quickCount("SELECT items FROM nodeCount WHERE node = ?", [.integer(node.rawValue)])
    }

    /// Stores the item as the newest of its node; one of that name is replaced.
    public func upsertItem(
        _ name: ItemID,
        in node: NodeRowID,
        publisher: String,
        payload: Element?,
        at date: Date
    ) throws -> ItemChange {
        let existed = try count(
            "SELECT count(*) FROM item WHERE node = ? AND name = ?",
            [node.rawValue, name.rawValue]
        )
        try run(
            "UPDATE nodeCount SET lastSequence = lastSequence + 1 WHERE node = ?",
            [node.rawValue]
        )
        try run(
            """
            INSERT INTO item (node, name, publisher, payload, publishedAt, updatedAt, sequence)
            SELECT ?1, ?2, ?3, ?4, ?5, ?5, lastSequence FROM nodeCount WHERE node = ?1
            ON CONFLICT (node, name) DO UPDATE SET publisher = excluded.publisher,
                payload = excluded.payload, updatedAt = excluded.updatedAt,
                sequence = excluded.sequence
            """,
            [
                node.rawValue, name.rawValue, publisher, payload.map(Self.serialised) ?? Data(),
                date.timeIntervalSince1970,
            ]
        )
        try index(payload, of: name, in: node)
        return existed == 0 ? .created : .replaced
    }

    /// Brings the node's items into the order of their dates, as after some older ones were added.
    public func sortItems(of node: NodeRowID) throws {
        let names = try rows(
            "SELECT name FROM item WHERE node = ? ORDER BY updatedAt, sequence",
            [node.rawValue]
        ) { row -> ItemID in try row.word("name", of: "item") }
        for name in names {
            try run(
                "UPDATE nodeCount SET lastSequence = lastSequence + 1 WHERE node = ?",
                [node.rawValue]
            )
            try run(
                """
                UPDATE item SET sequence = (SELECT lastSequence FROM nodeCount WHERE node = ?1)
                WHERE node = ?1 AND name = ?2
                """,
                [node.rawValue, name.rawValue]
            )
        }
    }

    /// Deletes the item and tells whether it was there.
    @discardableResult
    public func deleteItem(_ name: ItemID, of node: NodeRowID) throws -> Bool {
        try changes(
            "DELETE FROM item WHERE node = ? AND name = ?",
            [node.rawValue, name.rawValue]
        ) == 1
    }

    /// Deletes all items of the node and tells how many there were.
    @discardableResult
    public func deleteItems(of node: NodeRowID) throws -> Int {
        try changes("DELETE FROM item WHERE node = ?", [node.rawValue])
    }

    /// Deletes all but the newest items of the node, and gives the names of those that went.
    @discardableResult
    public func keepItems(_ number: Int, of node: NodeRowID) throws -> [ItemID] {
        let surplus = try rows(
            """
            SELECT name FROM item WHERE node = ? ORDER BY sequence DESC LIMIT -1 OFFSET ?
            """,
            [node.rawValue, number]
        ) { row -> ItemID in try row.word("name", of: "item") }
        for name in surplus { try deleteItem(name, of: node) }
        return surplus
    }

    /// Whether items are there that were published at that moment or before.
    public func hasItems(of node: NodeRowID, publishedUntil date: Date) throws -> Bool {
        try count(
            "SELECT EXISTS (SELECT 1 FROM item WHERE node = ? AND updatedAt <= ?)",
            [node.rawValue, date.timeIntervalSince1970]
        ) == 1
    }

    /// Deletes the items that were published at that moment or before.
    @discardableResult
    public func deleteItems(of node: NodeRowID, publishedUntil date: Date) throws -> Int {
        try changes(
            "DELETE FROM item WHERE node = ? AND updatedAt <= ?",
            [node.rawValue, date.timeIntervalSince1970]
        )
    }

    static func serialised(_ payload: Element) -> Data {
        var writer = Writer()
        writer.write(payload)
        return Data(writer.bytes)
    }

    /// A list of any length as one argument, so that the statement stays the same.
    static func jsonArray(_ names: [some RawRepresentable<String>]) throws -> String {
        String(decoding: try JSONEncoder().encode(names.map(\.rawValue)), as: UTF8.self)
    }
}

extension ItemRecord {
    /// What is read, in the order of `init(_:)`.
    static let columns = "name, publisher, payload, publishedAt, updatedAt, sequence"

    init(_ row: Row) throws {
        name = try row.word(at: 0, of: "item")
        publisher = row[1]
        payload = row.bytes(at: 2)
        publishedAt = row.date(at: 3)
        updatedAt = row.date(at: 4)
        sequence = row[5]
    }
}
