public import Foundation
internal import GRDB
public import XMPP

/// How many readers a node had on a day.
public struct ReaderDay: Hashable, Sendable {
    public let node: NodeID
    /// Its midnight, in UTC.
    public let day: Date
    public let readers: Int
}

/// How far a delivery was at a moment.
public struct DeliveryPoint: Hashable, Sendable {
    public let at: Date
    public let sent: Int

    public init(at: Date, sent: Int) {
        self.at = at
        self.sent = sent
    }
}

/// What is kept to be looked back at (tables `readerDay` and `deliveryPoint`).
extension Transaction {
    private static let day: TimeInterval = 86_400

    /// Notes how many readers the newsletters' nodes have; what was noted before on that day goes.
    public func noteReaders(at date: Date) throws {
        try run(
            """
            INSERT INTO readerDay (node, day, readers)
            SELECT id, ?, subscribers FROM node JOIN nodeCount ON nodeCount.node = node.id
            WHERE deletedAt IS NULL AND newsletter IS NOT NULL
            ON CONFLICT DO UPDATE SET readers = excluded.readers
            """,
            [Int((date.timeIntervalSince1970 / Self.day).rounded(.down))]
        )
    }

    /// All days of all nodes, in order.
    public func readerDays() throws -> [ReaderDay] {
        try rows(
            """
            SELECT node.name, day, readers FROM readerDay JOIN node ON node.id = readerDay.node
            WHERE deletedAt IS NULL ORDER BY node.name, day
            """,
            [],
            Self.readerDay
        )
    }

    private static func readerDay(_ row: Row) throws -> ReaderDay {
        ReaderDay(
            node: try row.word("name", of: "node"),
            day: Date(timeIntervalSince1970: Double(row.integer("day")) * day),
            readers: row.integer("readers")
        )
    }

    /// The first day since that moment on which a node's readers were counted; nil if there is none.
    public func firstReaderDay(of node: NodeRowID, since date: Date) throws -> ReaderDay? {
        try row(
            """
            SELECT node.name, day, readers FROM readerDay JOIN node ON node.id = readerDay.node
            WHERE readerDay.node = ? AND day >= ? ORDER BY day LIMIT 1
            """,
            [node.rawValue, Int((date.timeIntervalSince1970 / Self.day).rounded(.down))],
            Self.readerDay
        )
    }

    /// Notes how a delivery went on; nothing if it is gone.
    public func notePoints(_ points: [DeliveryPoint], of id: FanOutRowID) throws {
        guard try fanOut(id) != nil else { return }
        for point in points {
            try run(
                "INSERT OR REPLACE INTO deliveryPoint (fanOut, at, sent) VALUES (?, ?, ?)",
                [id.rawValue, point.at.timeIntervalSince1970, point.sent]
            )
        }
    }

    public func points(of id: FanOutRowID) throws -> [DeliveryPoint] {
        try rows(
            "SELECT at, sent FROM deliveryPoint WHERE fanOut = ? ORDER BY at",
            [id.rawValue]
        ) { DeliveryPoint(at: $0.date("at"), sent: $0.integer("sent")) }
    }

    /// The latest deliveries that went to any reader, in whichever state, the newest first.
    ///
    /// Those of hidden nodes are not among them.
    public func newestFanOuts(atMost count: Int) throws -> [FanOutRecord] {
        try rows(
            """
            SELECT fanOut.* FROM fanOut JOIN node ON node.id = fanOut.node
            WHERE total > 0 AND NOT isHidden ORDER BY fanOut.id DESC LIMIT ?
            """,
            [count],
            FanOutRecord.init
        )
    }
}
