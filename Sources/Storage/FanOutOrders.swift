public import Foundation
internal import GRDB
public import XMPP

/// What readers were told of, or are still to be told, and is there no more.
public enum Recalled: Hashable, Sendable {
    case item(ItemID)
    case allItems
    /// The node with all in it.
    case node
}

/// What becomes of a fan-out as a whole: it pauses, goes on, or ends, also for those who are to get it
/// later.
extension Transaction {
    /// Lets nobody have the fan-out for the time being, nor those who were to get it later; tells
    /// whether there was anybody left to get it.
    @discardableResult
    public func holdFanOut(_ id: FanOutRowID) throws -> Bool {
        try changes(
            """
            UPDATE fanOut SET state = 'held'
            WHERE id = ?1 AND (state IN ('waiting', 'running', 'held') OR state = 'finished'
                AND EXISTS (
                    SELECT 1 FROM deliveryException
                    WHERE fanOut = ?1 AND attempts = 0 AND nextAttemptAt IS NOT NULL))
            """,
            [id.rawValue]
        ) == 1
    }

    /// Ends a fan-out that has reached all whom it could; tells whether it was under way.
    ///
    /// One that was held in the meantime stays so for those who are still to get it.
    @discardableResult
    public func finishFanOut(_ id: FanOutRowID, at date: Date) throws -> Bool {
        try changes(
            """
            UPDATE fanOut SET finishedAt = ?2, state = iif(
                state = 'held' AND EXISTS (
                    SELECT 1 FROM deliveryException
                    WHERE fanOut = ?1 AND nextAttemptAt IS NOT NULL),
                'held', 'finished')
            WHERE id = ?1 AND state IN ('waiting', 'running', 'held') AND finishedAt IS NULL
            """,
            [id.rawValue, date.timeIntervalSince1970]
        ) == 1
    }

    /// Lets it go on where it was; tells whether there is anybody left to get it.
    @discardableResult
    public func resumeFanOut(_ id: FanOutRowID) throws -> Bool {
        try changes(
            """
            UPDATE fanOut SET state = iif(finishedAt IS NULL, 'running', 'finished')
            WHERE id = ? AND state IN ('waiting', 'running', 'held')
            """,
            [id.rawValue]
        ) == 1
    }

    /// Lets nobody have any more what tells of it: what goes out ends where it is, nobody is tried
    /// again or gets it later, and a server's death brings it back to nobody.
    ///
    /// What is sent in its stead, that it is gone, is to be started after this.
    public func recall(_ what: Recalled, of node: NodeRowID, at date: Date) throws {
        let (condition, name): (String, String?) =
            switch what {
            case .item(let item): ("scope = 'item' AND itemName = ?2", item.rawValue)
            case .allItems: ("scope = 'item' AND ?2 IS NULL", nil)
            case .node: ("?2 IS NULL", nil)
            }
        // Where there is nothing left to be sent there is no variant either.
        let recalled = try rows(
            """
            SELECT id FROM fanOut WHERE node = ?1 AND \(condition) AND state <> 'cancelled'
                AND (finishedAt IS NULL OR id IN (SELECT fanOut FROM variant))
            """,
            [node.rawValue, name]
        ) { row -> FanOutRowID in try row.rowID("id", of: "fanOut") }
        for id in recalled {
            try run(
                """
                UPDATE fanOut SET state = 'cancelled', finishedAt = coalesce(finishedAt, ?2)
                WHERE id = ?1
                """,
                [id.rawValue, date.timeIntervalSince1970]
            )
            try run(
                "UPDATE deliveryException SET nextAttemptAt = NULL WHERE fanOut = ? AND attempts = 0",
                [id.rawValue]
            )
            try run(
                "DELETE FROM deliveryException WHERE fanOut = ? AND nextAttemptAt IS NOT NULL",
                [id.rawValue]
            )
        }
    }

    /// Ends a fan-out for good, also for those who were to get it later; tells whether there was
    /// anybody left to get it.
    @discardableResult
    public func cancelFanOut(_ id: FanOutRowID, at date: Date) throws -> Bool {
        let wasUnderWay = try setState(.cancelled, of: id, at: date)
        let postponed = try changes(
            """
            UPDATE deliveryException SET nextAttemptAt = NULL
            WHERE fanOut = ? AND attempts = 0 AND nextAttemptAt IS NOT NULL
            """,
            [id.rawValue]
        )
        if postponed > 0 {
            try run("UPDATE fanOut SET state = 'cancelled' WHERE id = ?", [id.rawValue])
        }
        return wasUnderWay || postponed > 0
    }
}
