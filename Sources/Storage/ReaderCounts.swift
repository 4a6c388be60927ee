internal import GRDB

/// How many readers of a node get one variant.
public struct ReaderCount: Hashable, Sendable {
    public let kind: VariantKind
    public let readers: Int

    public init(kind: VariantKind, readers: Int) {
        self.kind = kind
        self.readers = readers
    }
}

extension Transaction {
    /// The readers of a node who are sent something, by what they get; from the running counts.
    public func readerCounts(of node: NodeRowID) throws -> [ReaderCount] {
        try rows(
            """
            SELECT form, amount, readers FROM readerCount WHERE node = ? AND readers > 0
            ORDER BY form, amount
            """,
            [node.rawValue]
        ) { row in
            ReaderCount(
                kind: try VariantKind(row, of: "readerCount"),
                readers: row.integer("readers")
            )
        }
    }
}
