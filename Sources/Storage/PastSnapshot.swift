internal import GRDB
public import XMPP

/// What the database remembers of readers and deliveries, read beside a service that may run.
public struct PastSnapshot: Hashable, Sendable {
    /// A delivery, and how it went.
    public struct Delivery: Hashable, Sendable {
        public let record: FanOutRecord
        public let node: NodeID
        /// While it was under way; none if it is from a time when this was not kept.
        public let points: [DeliveryPoint]
        /// Those readers who were given up, by reason.
        public let failures: [FailureCount]

        public init(
            record: FanOutRecord,
            node: NodeID,
            points: [DeliveryPoint],
            failures: [FailureCount]
        ) {
            self.record = record
            self.node = node
            self.points = points
            self.failures = failures
        }
    }

    /// By node, then by day.
    public let days: [ReaderDay]
    /// The newest first.
    public let deliveries: [Delivery]

    public init(days: [ReaderDay], deliveries: [Delivery]) {
        self.days = days
        self.deliveries = deliveries
    }

    /// Reads the database at the path, with so many of its latest deliveries.
    ///
    /// - Throws: ``StoreError`` if there is none, or if it is of a newer Broadsheet.
    public init(path: String, deliveries count: Int) throws(StoreError) {
        do {
            self = try StoreFile.reader(path).read { database in
                try StoreFile.checkSchema(database, path)
                return try Self(database, count)
            }
        } catch {
            throw error as? StoreError ?? StoreError(error, path: path)
                ?? .failed(path: path, reason: "\(error)")
        }
    }

    private init(_ database: Database, _ count: Int) throws {
        let transaction = Transaction(database, NodeCache().view())
        // The service of this version may not have opened the database yet.
        let isKept = try database.tableExists("readerDay")
        days = isKept ? try transaction.readerDays() : []
        deliveries = try transaction.newestFanOuts(atMost: count).compactMap { record in
            guard let node = try transaction.node(record.node) else { return nil }
            return Delivery(
                record: record,
                node: node.name,
                points: isKept ? try transaction.points(of: record.id) : [],
                failures: try transaction.failures(of: record.id)
            )
        }
    }
}
