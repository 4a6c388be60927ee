public import Foundation
internal import GRDB
public import XMPP

/// A newsletter's readers on their way between our own PubSub service and another one (table
/// `engineMove`).
public struct EngineMove: Hashable, Sendable {
    public enum Phase: String, Sendable, CaseIterable {
        case moving
        /// All are where they belong who can be.
        case moved
        /// They are here, and the nodes there are to go once nobody is left.
        case leaving
    }

    public let newsletter: String
    public let service: JID
    /// Whether they go to the other service, or come from there.
    public let isLeavingHome: Bool
    public let phase: Phase
    /// Why it ended before all was done; nil if there was no reason.
    public let reason: String?
    /// Why it does not go on, as of its last attempt; nil if it does.
    public let obstacle: String?
    /// Since when it does not.
    public let obstacleSince: Date?
    /// How many have moved.
    public let moved: Int
    /// Whether it has turned round another from there, so that it began with readers there.
    public let hasTurnedRound: Bool
    public let startedAt: Date

    /// Whether readers may be at the service of whom nothing else tells: those that it, or one before it,
    /// has brought there.
    public var mayHaveReadersThere: Bool { moved > 0 || hasTurnedRound || !isLeavingHome }

    /// Whether it has come no further than to other numbers and reasons: nobody has turned it round or begun
    /// it anew, ended it, nor let the nodes there be deleted.
    public func isSame(as other: EngineMove) -> Bool {
        newsletter == other.newsletter && service == other.service
            && isLeavingHome == other.isLeavingHome && phase == other.phase
            && startedAt == other.startedAt
    }
}

extension Transaction {
    public func engineMove(of newsletter: String) throws -> EngineMove? {
        try row("\(Self.moves) WHERE newsletter = ?", [newsletter], EngineMove.init)
    }

    public func engineMoves() throws -> [EngineMove] {
        try rows("\(Self.moves) ORDER BY newsletter", [], EngineMove.init)
    }

    private static let moves = """
        SELECT engineMove.*, EXISTS (SELECT 1 FROM setting
            WHERE key = '\(turnedPrefix)' || newsletter AND value = service) AS hasTurnedRound
        FROM engineMove
        """

    /// Of the settings that have the service whose readers were on their way home when their move was turned
    /// round: the count of those it had brought there is lost.
    private static let turnedPrefix = "engine move turned round: "

    /// To be called before the move is another.
    private func noteTurn(of newsletter: String, at service: JID, isLeavingHome: Bool) throws {
        let former = try engineMove(of: newsletter)
        let isTurn = former.map {
            $0.service == service && isLeavingHome && (!$0.isLeavingHome || $0.hasTurnedRound)
        }
        let value = isTurn == true ? service.description : nil
        try setSetting(Self.turnedPrefix + newsletter, to: value)
    }

    /// Whether the move is still what it was when it was read (``EngineMove/isSame(as:)``).
    public func isCurrent(_ move: EngineMove) throws -> Bool {
        try engineMove(of: move.newsletter)?.isSame(as: move) ?? false
    }

    /// Begins a move, or goes on with it: whom the service refused is tried again.
    ///
    /// Who was on their way the other way stays where they are. But who has a subscription here since they
    /// were to come leaves there before they go again: what was published since comes to them from here.
    /// So does who is still subscribed here since nobody knows whether the service has let them go.
    public func startEngineMove(
        of newsletter: String,
        at service: JID,
        isLeavingHome: Bool,
        at date: Date = Date()
    ) throws {
        try noteTurn(of: newsletter, at: service, isLeavingHome: isLeavingHome)
        if isLeavingHome {
            try run(
                """
                UPDATE engineReader SET isMove = 0, state = 'waiting'
                WHERE newsletter = ? AND service = ? AND isMove AND NOT isSubscribed
                    AND (state = 'waiting' AND local IS NOT NULL
                        OR state = 'refused' AND local IN (SELECT id FROM subscription))
                """,
                [newsletter, service.description]
            )
        }
        try run(
            """
            DELETE FROM engineReader WHERE newsletter = ? AND isMove AND state <> 'sent'
                AND (state = 'refused' OR isSubscribed <> ? OR service <> ?)
            """,
            [newsletter, isLeavingHome, service.description]
        )
        try run(
            """
            INSERT INTO engineMove (newsletter, service, isLeavingHome, phase, startedAt)
            VALUES (?, ?, ?, 'moving', ?)
            ON CONFLICT (newsletter) DO UPDATE SET phase = 'moving', reason = NULL,
                nodeName = NULL, cursor = 0,
                moved = iif(service = excluded.service AND isLeavingHome = excluded.isLeavingHome,
                    moved, 0),
                startedAt = iif(service = excluded.service
                    AND isLeavingHome = excluded.isLeavingHome, startedAt, excluded.startedAt),
                obstacle = iif(service = excluded.service, obstacle, NULL),
                obstacleSince = iif(service = excluded.service, obstacleSince, NULL),
                service = excluded.service, isLeavingHome = excluded.isLeavingHome
            """,
            [newsletter, service.description, isLeavingHome, date.timeIntervalSince1970]
        )
    }

    public func setEngineMove(
        of newsletter: String,
        to phase: EngineMove.Phase,
        reason: String? = nil
    ) throws {
        try run(
            """
            UPDATE engineMove SET phase = ?, reason = ?, obstacle = NULL, obstacleSince = NULL
            WHERE newsletter = ?
            """,
            [phase.rawValue, reason, newsletter]
        )
    }

    /// Notes why a move to or from the service does not go on; nothing if all have moved who can.
    public func holdEngineMove(
        of newsletter: String,
        at service: JID,
        obstacle: String,
        on date: Date
    ) throws {
        try run(
            """
            UPDATE engineMove SET obstacle = ?, obstacleSince = coalesce(obstacleSince, ?)
            WHERE newsletter = ? AND service = ? AND phase <> 'moved'
            """,
            [obstacle, date.timeIntervalSince1970, newsletter, service.description]
        )
    }

    /// Notes that a move goes on.
    public func resumeEngineMove(of newsletter: String, at service: JID) throws {
        try run(
            """
            UPDATE engineMove SET obstacle = NULL, obstacleSince = NULL
            WHERE newsletter = ? AND service = ? AND obstacle IS NOT NULL
            """,
            [newsletter, service.description]
        )
    }

    /// Forgets the move, with whom it could not move, and what was still to be done there.
    public func endEngineMove(of newsletter: String) throws {
        guard let move = try engineMove(of: newsletter) else { return }
        try dropEngineWork(of: newsletter, at: move.service)
        try setSetting(Self.turnedPrefix + newsletter, to: nil)
        try run("DELETE FROM engineMove WHERE newsletter = ?", [newsletter])
        try run(
            "DELETE FROM engineReader WHERE newsletter = ? AND isMove AND state = 'refused'",
            [newsletter]
        )
    }

    /// Why the first of those who move has not; nil if there is no reason.
    public func firstReason(of newsletter: String) throws -> String? {
        try row(
            """
            SELECT reason FROM engineReader
            WHERE newsletter = ? AND isMove AND reason IS NOT NULL
            ORDER BY state = 'refused', id LIMIT 1
            """,
            [newsletter]
        ) { $0.optionalText("reason") } ?? nil
    }

    /// What goes out from here to readers who move before they can, what is held first; nil for nothing.
    public func fanOutBefore(_ move: EngineMove) throws -> FanOutRecord? {
        try row(
            """
            SELECT fanOut.* FROM fanOut JOIN node ON node.id = fanOut.node
            WHERE fanOut.state IN ('waiting', 'running', 'held')
                AND EXISTS (SELECT 1 FROM engineReader
                    WHERE newsletter = ? AND service = ? AND nodeName = node.name
                        AND isMove AND isSubscribed AND state <> 'refused')
            ORDER BY fanOut.state <> 'held', fanOut.id LIMIT 1
            """,
            [move.newsletter, move.service.description],
            FanOutRecord.init
        )
    }

    /// How many of those who move are on their way, and how many the service has refused.
    public func engineMoveCounts(of newsletter: String) throws -> (moving: Int, refused: Int) {
        try row(
            """
            SELECT coalesce(sum(state <> 'refused'), 0) AS moving,
                coalesce(sum(state = 'refused'), 0) AS refused
            FROM engineReader WHERE newsletter = ? AND isMove
            """,
            [newsletter]
        ) { ($0.integer("moving"), $0.integer("refused")) } ?? (0, 0)
    }

    /// Lets the next of those readers go to another service whom it can serve as we did; returns how
    /// many, and 0 when all were asked for, or the move is not this one any more.
    ///
    /// It can't be told what they have chosen, so whoever has chosen something stays.
    public func sendReaders(
        of move: EngineMove,
        from nodes: [NodeID],
        limit: Int,
        at date: Date
    ) throws -> Int {
        guard try isCurrent(move) else { return 0 }
        for node in try nodesAhead(of: move, nodes) {
            guard let record = try self.node(named: node) else { continue }
            let readers = try rows(
                """
                SELECT id, jid FROM subscription
                WHERE node = ? AND state = 'subscribed' AND \(Self.isMovable)
                    AND id > (SELECT iif(nodeName = ?, cursor, 0) FROM engineMove
                        WHERE newsletter = ?)
                ORDER BY id LIMIT ?
                """,
                [record.id.rawValue, node.rawValue, move.newsletter, limit]
            ) { row -> (SubscriptionRowID, JID) in
                (try row.rowID("id", of: "subscription"), try row.jid("jid", of: "subscription"))
            }
            guard let last = readers.last else { continue }
            for (id, reader) in readers {
                let wish = EngineReaderWish(
                    newsletter: move.newsletter,
                    service: move.service,
                    node: node,
                    reader: reader,
                    isSubscribed: true,
                    local: id,
                    isMove: true
                )
                try addEngineReader(wish, at: date)
            }
            try run(
                "UPDATE engineMove SET nodeName = ?, cursor = ? WHERE newsletter = ?",
                [node.rawValue, last.0.rawValue, move.newsletter]
            )
            return readers.count
        }
        return 0
    }

    /// Asks for no more of those readers who would follow one to another service: they stay.
    ///
    /// The next are those of the next node, if this is the one whose readers are on their way.
    public func stopSendingReaders(like wish: EngineReaderWish) throws {
        try run(
            """
            DELETE FROM engineReader
            WHERE newsletter = ? AND service = ? AND nodeName = ? AND isMove AND isSubscribed
                AND state = 'waiting'
            """,
            [wish.newsletter, wish.service.description, wish.node.rawValue]
        )
        try run(
            """
            UPDATE engineMove SET cursor = ?
            WHERE newsletter = ? AND service = ? AND isLeavingHome AND nodeName = ?
            """,
            [
                Int64.max, wish.newsletter, wish.service.description, wish.node.rawValue,
            ]
        )
    }

    private func nodesAhead(of move: EngineMove, _ nodes: [NodeID]) throws -> ArraySlice<NodeID> {
        let reached = try row(
            "SELECT nodeName FROM engineMove WHERE newsletter = ?",
            [move.newsletter]
        ) { $0.optionalText("nodeName") }
        guard let reached, let index = nodes.firstIndex(where: { $0.rawValue == reached }) else {
            return nodes[...]
        }
        return nodes[index...]
    }

    /// Subscribes here who is subscribed at another service, and lets that end there.
    ///
    /// Returns how many these are, 0 if the move is not this one any more; who was asked for already is not
    /// again. Whoever has something here keeps it as it is, and who is shut out here gets nothing.
    public func bringReaders(
        _ readers: [JID],
        of move: EngineMove,
        to node: NodeRecord,
        unless isExcluded: (JID) -> Bool = { _ in false },
        at date: Date
    ) throws -> Int {
        guard try isCurrent(move) else { return 0 }
        var brought = 0
        for reader in readers {
            guard try !isMoving(reader, at: node.node.name, move) else { continue }
            let isShutOut = try affiliation(of: reader, with: node.id) == .outcast
            let isOut = isShutOut || isExcluded(reader)
            let outcome = isOut ? nil : try subscribe(reader, to: node.id, at: date)
            var local: SubscriptionRowID?
            if case .created(let record) = outcome { local = record.id }
            let wish = EngineReaderWish(
                newsletter: move.newsletter,
                service: move.service,
                node: node.node.name,
                reader: reader,
                isSubscribed: false,
                local: local,
                isMove: true
            )
            try addEngineReader(wish, at: date)
            brought += 1
        }
        return brought
    }

    private func isMoving(_ reader: JID, at node: NodeID, _ move: EngineMove) throws -> Bool {
        try count(
            """
            SELECT EXISTS (SELECT 1 FROM engineReader
                WHERE newsletter = ? AND service = ? AND nodeName = ? AND jid = ?)
            """,
            [
                move.newsletter, move.service.description, node.rawValue, reader.description,
            ]
        ) == 1
    }

    /// How many are served from here by PubSub.
    public func pubsubReaderCount(of nodes: [NodeID]) throws -> Int {
        try nodes.reduce(0) { sum, name in
            guard let node = try node(named: name) else { return sum }
            return sum
                + (try count(
                    """
                    SELECT count(*) FROM subscription
                    WHERE node = ? AND state = 'subscribed' AND form IN ('event', 'eventWithBody')
                    """,
                    [node.id.rawValue]
                ))
        }
    }

    /// Whether another service can serve the reader as we do.
    func canMove(_ subscription: SubscriptionRowID) throws -> Bool {
        try count(
            """
            SELECT EXISTS (SELECT 1 FROM subscription
                WHERE id = ? AND state = 'subscribed' AND \(Self.isMovable))
            """,
            [subscription.rawValue]
        ) == 1
    }

    /// An event for each item is all they want.
    private static let isMovable = """
        form = 'event' AND instr(jid, '/') = 0 AND isDelivered AND suspendedAt IS NULL AND expiresAt IS NULL
            AND showValues IS NULL AND NOT endsWithPresence
        """
}

extension EngineMove {
    init(_ row: Row) throws {
        newsletter = row.text("newsletter")
        service = try row.jid("service", of: "engineMove")
        isLeavingHome = row["isLeavingHome"]
        phase = try row.word("phase", of: "engineMove")
        reason = row.optionalText("reason")
        obstacle = row.optionalText("obstacle")
        obstacleSince = row.optionalDate("obstacleSince")
        moved = row.integer("moved")
        hasTurnedRound = row["hasTurnedRound"]
        startedAt = row.date("startedAt")
    }
}
