public import Foundation
internal import GRDB
public import XMPP

/// Nodes and readers one by one, read beside a service that may run.
public struct StoreListing: Sendable {
    /// A node, and how much there is at it.
    public struct Node: Hashable, Sendable {
        public let name: NodeID
        /// Whose it is; nil if somebody made it over the wire.
        public let newsletter: String?
        public let title: String
        public let subscribers: Int
        public let suspended: Int
        public let items: Int
    }

    /// A subscription, and where it is.
    public struct Reader: Hashable, Sendable {
        public let node: NodeID
        public let record: SubscriptionRecord
        /// Since when nothing is sent, since too much came back.
        public let suspendedAt: Date?
    }

    private let path: String

    public init(path: String) {
        self.path = path
    }

    /// All nodes that are not deleted, by name.
    public func nodes() throws(StoreError) -> [Node] {
        try read { transaction in
            try transaction.rows(
                """
                SELECT name, newsletter, title, subscribers, items, (
                    SELECT count(*) FROM subscription
                    WHERE node = node.id AND suspendedAt IS NOT NULL) AS suspended
                FROM node JOIN nodeCount ON nodeCount.node = node.id
                WHERE deletedAt IS NULL ORDER BY name
                """,
                []
            ) { row in
                Node(
                    name: try row.word("name", of: "node"),
                    newsletter: row.optionalText("newsletter"),
                    title: row.text("title"),
                    subscribers: row.integer("subscribers"),
                    suspended: row.integer("suspended"),
                    items: row.integer("items")
                )
            }
        }
    }

    /// Hands out the readers one after the other, node by node, in order of their making.
    ///
    /// However many there are, one is held at a time.
    ///
    /// - Parameters:
    ///   - node: the only node to look at; nil for all.
    ///   - body: gets each of them.
    /// - Throws: ``StoreError`` if the database can't be read.
    public func forEachReader(of node: NodeID?, _ body: (Reader) -> Void) throws(StoreError) {
        try read { transaction in
            for held in try transaction.nodes() where node == nil || held.name == node {
                try transaction.forEachSubscription(to: held.id) { record, suspendedAt in
                    body(Reader(node: held.name, record: record, suspendedAt: suspendedAt))
                }
            }
        }
    }

    private func read<Value>(_ body: (Transaction) throws -> Value) throws(StoreError) -> Value {
        do {
            return try StoreFile.reader(path).read { database in
                try StoreFile.checkSchema(database, path)
                return try body(Transaction(database, NodeCache().view()))
            }
        } catch {
            throw error as? StoreError ?? StoreError(error, path: path)
                ?? .failed(path: path, reason: "\(error)")
        }
    }
}

extension Transaction {
    fileprivate func forEachSubscription(
        to node: NodeRowID,
        _ body: (SubscriptionRecord, Date?) -> Void
    ) throws {
        // Their results are nothing, and take no memory.
        _ = try rows(
            """
            SELECT \(SubscriptionRecord.columns), suspendedAt FROM subscription
            WHERE node = ? ORDER BY id
            """,
            [node.rawValue]
        ) { row in
            body(try SubscriptionRecord(row), row.optionalDate("suspendedAt"))
        }
    }
}
