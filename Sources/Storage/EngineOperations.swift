public import Foundation
internal import GRDB
public import XML
public import XMPP

// MARK: - Asking for

extension Transaction {
    /// Asks for an item to be published at its service, or taken back if there is no payload.
    ///
    /// If the last that was asked for of that item has not left yet, this takes its place in the
    /// order: nobody is to see a text that was corrected or withdrawn before it could go out. What was
    /// refused has lost its place: readers may have left since, who get this where they are now.
    public func addEngineOperation(
        on target: EngineTarget,
        publishing payload: Element?,
        at date: Date
    ) throws {
        let bytes = payload.map(Self.serialised)
        if let last = try lastEngineOperation(on: target),
            last.state == .waiting || last.state == .refused
        {
            guard last.state == .refused else {
                return try run(
                    """
                    UPDATE engineOperation SET payload = ?, reason = NULL, isEarlier = 0
                    WHERE id = ?
                    """,
                    [bytes, last.id]
                )
            }
            try run("DELETE FROM engineOperation WHERE id = ?", [last.id])
        }
        try run(
            """
            INSERT INTO engineOperation (newsletter, service, nodeName, itemName, payload, state,
                createdAt)
            VALUES (?, ?, ?, ?, ?, 'waiting', ?)
            """,
            Self.place(target) + [bytes, date.timeIntervalSince1970]
        )
    }

    /// Asks for all items of our node to be published at a service that has no such node yet, in their
    /// order, in place of all that was asked for there; returns their number.
    ///
    /// What waits already waits since it was asked for first.
    public func refillEngineNode(
        _ node: NodeRecord,
        of newsletter: String,
        at service: JID,
        on date: Date
    ) throws -> Int {
        let place: StatementArguments = [newsletter, service.description, node.name.rawValue]
        let asked = try rows(
            """
            SELECT itemName, min(isEarlier) AS isEarlier,
                coalesce(min(iif(state <> 'refused', createdAt, NULL)), ?) AS since
            FROM engineOperation WHERE newsletter = ? AND service = ? AND nodeName = ?
            GROUP BY itemName
            """,
            [date.timeIntervalSince1970] + place
        ) { row -> (name: String, isEarlier: Bool, since: Date) in
            (row.text("itemName"), row["isEarlier"], row.date("since"))
        }
        try run(
            "DELETE FROM engineOperation WHERE newsletter = ? AND service = ? AND nodeName = ?",
            place
        )
        let number = try changes(
            """
            INSERT INTO engineOperation (newsletter, service, nodeName, itemName, payload, state,
                createdAt, isEarlier)
            SELECT ?, ?, ?, name, payload, 'waiting', ?, 1 FROM item
            WHERE node = ? AND length(payload) > 0 ORDER BY sequence
            """,
            place + [date.timeIntervalSince1970, node.id.rawValue]
        )
        for item in asked {
            try run(
                """
                UPDATE engineOperation SET isEarlier = ?, createdAt = ?
                WHERE newsletter = ? AND service = ? AND nodeName = ? AND itemName = ?
                """,
                [item.isEarlier, item.since.timeIntervalSince1970] + place + [item.name]
            )
        }
        return number
    }

    /// Gives up bringing to a node what was published before there was that node over there.
    public func dropEarlierEngineOperations(
        of newsletter: String,
        at service: JID,
        node: NodeID
    ) throws {
        try run(
            """
            DELETE FROM engineOperation
            WHERE newsletter = ? AND service = ? AND nodeName = ? AND isEarlier = 1
            """,
            [newsletter, service.description, node.rawValue]
        )
    }

    /// Gives up what is to be done at a node that is gone.
    public func dropEngineOperations(
        of newsletter: String,
        at service: JID,
        node: NodeID
    ) throws {
        try run(
            "DELETE FROM engineOperation WHERE newsletter = ? AND service = ? AND nodeName = ?",
            [newsletter, service.description, node.rawValue]
        )
    }

    /// What was asked for last of an item; nil if that is done, or was never asked for.
    func lastEngineOperation(on target: EngineTarget) throws -> EngineOperation? {
        try row(
            """
            SELECT * FROM engineOperation
            WHERE newsletter = ? AND service = ? AND nodeName = ? AND itemName = ?
            ORDER BY id DESC LIMIT 1
            """,
            Self.place(target),
            EngineOperation.init
        )
    }

    static func place(_ target: EngineTarget) -> StatementArguments {
        [
            target.newsletter, target.service.description, target.node.rawValue,
            target.item.rawValue,
        ]
    }
}

// MARK: - Carrying out

extension Transaction {
    /// The first that is not done, of those that can be, at no such node.
    public func nextEngineOperation(
        of newsletter: String,
        at service: JID,
        except nodes: Set<NodeID> = []
    ) throws -> EngineOperation? {
        try row(
            Self.nextOperation(notAt: nodes),
            [newsletter, service.description] + Self.names(of: nodes),
            EngineOperation.init
        )
    }

    /// SQL for the operation that comes next, which looks through none that come later: an index would find
    /// all of them first, and sort them with their payloads.
    static func nextOperation(notAt nodes: Set<NodeID>) -> String {
        """
        SELECT * FROM engineOperation
        WHERE +newsletter = ? AND +service = ? AND state <> 'refused' AND \(isNone(of: nodes))
        ORDER BY id LIMIT 1
        """
    }

    static func isNone(of nodes: Set<NodeID>) -> String {
        "nodeName NOT IN (\(nodes.map { _ in "?" }.joined(separator: ", ")))"
    }

    static func names(of nodes: Set<NodeID>) -> StatementArguments {
        StatementArguments(nodes.map(\.rawValue))
    }

    /// Notes that one is about to leave which has not been done, and gives it as it is to be done.
    ///
    /// What was asked for of the item meanwhile takes its place.
    public func sendEngineOperation(_ operation: EngineOperation) throws -> EngineOperation? {
        let later = try row(
            """
            SELECT id FROM engineOperation
            WHERE newsletter = ? AND service = ? AND nodeName = ? AND itemName = ?
                AND state = 'waiting' AND id > ?
            """,
            Self.place(operation.target) + [operation.id]
        ) { row -> Int64 in row["id"] }
        if let later {
            try run(
                """
                UPDATE engineOperation
                SET payload = (SELECT payload FROM engineOperation WHERE id = ?) WHERE id = ?
                """,
                [later, operation.id]
            )
            try run("DELETE FROM engineOperation WHERE id = ?", [later])
        }
        try setEngineOperation(operation.id, to: .sent)
        return try row(
            "SELECT * FROM engineOperation WHERE id = ?",
            [operation.id],
            EngineOperation.init
        )
    }

    /// Notes how far it is, and why it is no further.
    public func setEngineOperation(
        _ id: Int64,
        to state: EngineOperation.State,
        reason: String? = nil
    ) throws {
        try run(
            "UPDATE engineOperation SET state = ?, reason = ? WHERE id = ?",
            [state.rawValue, reason, id]
        )
    }

    /// Forgets one that is done, and what the service refused of the item before.
    public func endEngineOperation(_ operation: EngineOperation) throws {
        try run("DELETE FROM engineOperation WHERE id = ?", [operation.id])
        try run(
            """
            DELETE FROM engineOperation
            WHERE newsletter = ? AND service = ? AND nodeName = ? AND itemName = ?
                AND state = 'refused' AND id < ?
            """,
            Self.place(operation.target) + [operation.id]
        )
    }

    /// Which items of a node something is to be done to, at whatever service.
    public func engineItems(of newsletter: String, at node: NodeID) throws -> [ItemID] {
        try rows(
            "SELECT DISTINCT itemName FROM engineOperation WHERE newsletter = ? AND nodeName = ?",
            [newsletter, node.rawValue]
        ) { try $0.word("itemName", of: "engineOperation") }
    }

    /// Which items are still to be published at a service, as far as is known, first what was asked for
    /// first; but for those that only fill a node nobody reads yet.
    public func itemsToPublish(
        of newsletter: String,
        at service: JID
    ) throws -> [EngineTarget] {
        try rows(
            """
            SELECT * FROM engineOperation AS operation
            WHERE newsletter = ? AND service = ? AND payload IS NOT NULL
                AND state IN ('waiting', 'sent') AND NOT isEarlier
                AND NOT EXISTS (SELECT 1 FROM engineOperation AS later
                    WHERE later.newsletter = operation.newsletter
                        AND later.service = operation.service
                        AND later.nodeName = operation.nodeName
                        AND later.itemName = operation.itemName
                        AND later.id > operation.id AND later.payload IS NULL)
            ORDER BY id
            """,
            [newsletter, service.description],
            EngineOperation.init
        ).map(\.target)
    }

    /// What is left to do, by newsletters and services; nothing for those that have all.
    public func engineBacklogs() throws -> [EngineBacklog] {
        try rows(
            """
            SELECT newsletter, service, sum(state <> 'refused') AS waiting,
                sum(state = 'refused') AS refused,
                min(iif(state <> 'refused', createdAt, NULL)) AS since,
                (SELECT reason FROM engineOperation AS first
                    WHERE first.newsletter = engineOperation.newsletter
                        AND first.service = engineOperation.service
                    ORDER BY first.state = 'refused', first.id LIMIT 1) AS reason
            FROM engineOperation GROUP BY newsletter, service ORDER BY newsletter, service
            """
        ) { row in
            EngineBacklog(
                newsletter: row.text("newsletter"),
                service: try row.jid("service", of: "engineOperation"),
                waiting: row.integer("waiting"),
                refused: row.integer("refused"),
                since: row.optionalDate("since"),
                reason: row.optionalText("reason")
            )
        }
    }
}
