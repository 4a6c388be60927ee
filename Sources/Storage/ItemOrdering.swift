internal import GRDB
public import XMPP

/// In which order the items of a node are listed (XEP-0413).
public struct ItemOrdering: Hashable, Sendable {
    public enum Key: String, Sendable, CaseIterable {
        /// When an item of that name was first published.
        case creation
        /// When it was last published.
        case modification
    }

    public var key: Key
    public var isDescending: Bool

    public init(_ key: Key, isDescending: Bool) {
        self.key = key
        self.isDescending = isDescending
    }

    /// As in the examples of XEP-0060 §6.5.
    public static let newestFirst = ItemOrdering(.modification, isDescending: true)

    /// Dates may be equal; these never are, and an index has each.
    fileprivate var column: String {
        switch key {
        case .creation: "id"
        case .modification: "sequence"
        }
    }

    fileprivate var direction: String { isDescending ? "DESC" : "ASC" }
    fileprivate var precedes: String { isDescending ? ">" : "<" }
}

/// Parts of a long list of items, read from an index.
extension Transaction {
    /// How many items come before that one; nil if there is no such item.
    public func place(
        of name: ItemID,
        in node: NodeRowID,
        by ordering: ItemOrdering
    ) throws -> Int? {
        let column = ordering.column
        return try row(
            """
            SELECT (SELECT count(*) FROM item AS other WHERE other.node = item.node
                AND other.\(column) \(ordering.precedes) item.\(column)) AS place
            FROM item WHERE node = ? AND name = ?
            """,
            [node.rawValue, name.rawValue]
        ) { $0.integer("place") }
    }

    public func items(
        of node: NodeRowID,
        by ordering: ItemOrdering,
        in range: Range<Int>
    ) throws -> [ItemRecord] {
        try rows(
            "SELECT \(ItemRecord.columns) \(Self.page(by: ordering))",
            [node.rawValue, range.count, range.lowerBound],
            ItemRecord.init
        )
    }

    public func itemNames(
        of node: NodeRowID,
        by ordering: ItemOrdering,
        in range: Range<Int>
    ) throws -> [ItemID] {
        try rows(
            "SELECT name \(Self.page(by: ordering))",
            [node.rawValue, range.count, range.lowerBound]
        ) { try $0.word("name", of: "item") }
    }

    private static func page(by ordering: ItemOrdering) -> String {
        """
        FROM item WHERE node = ? ORDER BY \(ordering.column) \(ordering.direction) LIMIT ? OFFSET ?
        """
    }
}
