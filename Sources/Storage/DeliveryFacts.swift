public import Foundation
internal import GRDB
public import XMPP

/// How many readers a fan-out did not reach for one reason.
public struct FailureCount: Hashable, Sendable {
    public var condition: StanzaError.Condition
    public var readers: Int

    public init(condition: StanzaError.Condition, readers: Int) {
        self.condition = condition
        self.readers = readers
    }
}

/// What people want to know of a fan-out.
extension Transaction {
    /// The latest fan-out of an item to the readers of a node, in whichever state.
    public func newestFanOut(of item: ItemID, in node: NodeRowID) throws -> FanOutRecord? {
        try row(
            """
            SELECT * FROM fanOut WHERE node = ? AND itemName = ? AND scope = 'item'
            ORDER BY id DESC LIMIT 1
            """,
            [node.rawValue, item.rawValue],
            FanOutRecord.init
        )
    }

    /// The latest fan-out that published an item to the readers of a node, not one that told them of
    /// something since.
    public func newestPublication(of item: ItemID, in node: NodeRowID) throws -> FanOutRecord? {
        try row(
            """
            SELECT * FROM fanOut WHERE node = ? AND itemName = ? AND scope = 'item' AND note IS NULL
            ORDER BY id DESC LIMIT 1
            """,
            [node.rawValue, item.rawValue],
            FanOutRecord.init
        )
    }

    /// The fan-outs whose messages one takes back, newest first: all that published the item to the
    /// readers of the node since it was taken back last.
    ///
    /// There are several where a translation came after the text in another language.
    public func publications(retractedBy fanOut: FanOutRecord) throws -> [FanOutRecord] {
        guard let newest = fanOut.retracts else { return [] }
        return try rows(
            """
            SELECT * FROM fanOut
            WHERE node = ?1 AND itemName = ?2 AND scope = 'item' AND note IS NULL AND id <= ?3
                AND id > (
                    SELECT coalesce(max(id), 0) FROM fanOut
                    WHERE node = ?1 AND itemName = ?2 AND scope = 'item' AND note = ?4 AND id < ?3)
            ORDER BY id DESC LIMIT ?5
            """,
            [
                fanOut.node.rawValue, fanOut.item.rawValue, newest.rawValue,
                FanOutNote.retraction.rawValue, FanOutRecord.mostRetracted,
            ],
            FanOutRecord.init
        )
    }

    /// The fan-outs whose messages one takes back or corrects, newest first; none as a rule.
    public func earlierPublications(behind fanOut: FanOutRecord) throws -> [FanOutRecord] {
        if let corrected = fanOut.corrects { return try self.fanOut(corrected).map { [$0] } ?? [] }
        return try publications(retractedBy: fanOut)
    }

    /// Readers a second, by what was acknowledged since then; nil if that is too little to tell.
    public func rate(of id: FanOutRowID, since date: Date) throws -> Double? {
        try row(
            """
            SELECT (max(sent) - min(sent)) / (max(at) - min(at)) AS rate FROM acknowledgement
            WHERE fanOut = ? AND at >= ? HAVING max(at) > min(at)
            """,
            [id.rawValue, date.timeIntervalSince1970]
        ) { row -> Double? in row["rate"] } ?? nil
    }

    /// Those readers who were given up, by reason, the most frequent first.
    public func failures(of id: FanOutRowID) throws -> [FailureCount] {
        try rows(
            """
            SELECT condition, count(*) AS readers FROM deliveryException
            WHERE fanOut = ? AND kind = 'failed'
            GROUP BY condition ORDER BY readers DESC, condition
            """,
            [id.rawValue]
        ) { row in
            FailureCount(
                condition: try row.word("condition", of: "deliveryException"),
                readers: row.integer("readers")
            )
        }
    }
}
