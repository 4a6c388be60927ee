public import Foundation
internal import GRDB
public import XMPP

/// A reader whose subscription at another PubSub service is to change (table `engineReader`).
///
/// It has its turn among what is to be done to items there (``EngineOperation``).
public struct EngineReader: Hashable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Nothing of it has left, or nothing is left of it.
        case waiting
        /// It has, or was about to: the service may have done it or not.
        case sent
        /// The service does not do it.
        case refused
    }

    public let id: Int64
    public let wish: EngineReaderWish
    public let state: State
    /// Why it is not done; nil if there was no reason so far.
    public let reason: String?
    public let createdAt: Date
}

/// When something is done with a reader, among what is to be done to items.
public enum EngineReaderTurn: Hashable, Sendable {
    /// In the order in which all of it was asked for: what was published before comes to them where they
    /// were, and what is published after that where they are then.
    case asAsked
    /// When nothing is to be done to items: who leaves has an issue more at worst, and what is published does
    /// not wait for a crowd that leaves, or says so, for who was ever there only the service knows.
    ///
    /// It is told of to nobody, if not to who asked.
    case afterItems(isToldOf: Bool)
}

/// What is to be so at another service.
public struct EngineReaderWish: Hashable, Sendable {
    public var newsletter: String
    public var service: JID
    public var node: NodeID
    public var reader: JID
    /// Whether the reader is to be subscribed there, or not to be.
    public var isSubscribed: Bool
    /// The subscription here that ends when they are subscribed there, or that was made since they are
    /// not to be any more, and ends when the service keeps them; nil for none.
    public var local: SubscriptionRowID?
    /// Whether the whole newsletter moves, so that nobody in particular has asked.
    public var isMove: Bool
    public var turn: EngineReaderTurn

    public init(
        newsletter: String,
        service: JID,
        node: NodeID,
        reader: JID,
        isSubscribed: Bool,
        local: SubscriptionRowID? = nil,
        isMove: Bool = false,
        turn: EngineReaderTurn = .asAsked
    ) {
        self.newsletter = newsletter
        self.service = service
        self.node = node
        self.reader = reader
        self.isSubscribed = isSubscribed
        self.local = local
        self.isMove = isMove
        self.turn = turn
    }
}

/// What is to be done next at a service.
public enum EngineStep: Hashable, Sendable {
    case operation(EngineOperation)
    case reader(EngineReader)
}

// MARK: - Asking for

extension Transaction {
    /// Asks for a reader's subscription at another service to become so, in place of what was asked for
    /// before and has not left.
    public func addEngineReader(_ wish: EngineReaderWish, at date: Date) throws {
        try run(
            """
            DELETE FROM engineReader WHERE newsletter = ? AND service = ? AND nodeName = ? AND jid = ?
                AND state <> 'sent'
            """,
            Self.key(wish)
        )
        try run(
            """
            INSERT INTO engineReader (newsletter, service, nodeName, jid, isSubscribed, local, isMove,
                state, lastOperation, createdAt)
            SELECT ?, ?, ?, ?, ?, ?, ?, 'waiting',
                coalesce(?, (SELECT seq FROM sqlite_sequence WHERE name = 'engineOperation'), 0), ?
            """,
            Self.key(wish) + [
                wish.isSubscribed, wish.local?.rawValue, wish.isMove, wish.turn.lastOperation,
                date.timeIntervalSince1970,
            ]
        )
    }

    private static func key(_ wish: EngineReaderWish) -> StatementArguments {
        [wish.newsletter, wish.service.description, wish.node.rawValue, wish.reader.description]
    }
}

// MARK: - Looking

extension Transaction {
    /// With whom something was begun that was not settled, by a fault or in a process before this one.
    ///
    /// To be looked for when one begins, and settled before anything else: it looks through all who wait.
    public func begunEngineReader(
        of newsletter: String,
        at service: JID,
        notAt unsettled: Set<NodeID> = []
    ) throws -> EngineReader? {
        try row(
            """
            SELECT * FROM engineReader
            WHERE newsletter = ? AND service = ? AND state <> 'refused' AND state = 'sent'
                AND \(Self.isNone(of: unsettled))
            ORDER BY id LIMIT 1
            """,
            [newsletter, service.description] + Self.names(of: unsettled),
            EngineReader.init
        )
    }

    /// What comes next at the service, of what nothing has left.
    ///
    /// Nobody who is sent something here is taken away before that has gone out. Where a node is left
    /// out, the others go on, but nobody who goes there or comes passes what was published in their own node
    /// before.
    public func nextEngineStep(
        of newsletter: String,
        at service: JID,
        publishingNotAt closed: Set<NodeID> = [],
        changingNoReadersAt unsettled: Set<NodeID> = []
    ) throws -> EngineStep? {
        let operation = try nextEngineOperation(of: newsletter, at: service, except: closed)
        let reader = try row(
            Self.nextReader(notAt: unsettled),
            [newsletter, service.description, operation.map { $0.id - 1 } ?? .max]
                + Self.names(of: unsettled),
            EngineReader.init
        )
        return reader.map(EngineStep.reader) ?? operation.map(EngineStep.operation)
    }

    /// SQL for the reader who comes next of those behind no operation but these, which looks through neither
    /// those who were refused nor those who come later.
    static func nextReader(notAt unsettled: Set<NodeID>) -> String {
        // The first condition on the state lets the index be used.
        """
        SELECT * FROM engineReader
        WHERE newsletter = ? AND service = ? AND state <> 'refused' AND state = 'waiting'
            AND lastOperation <= ? AND \(isNone(of: unsettled))
            AND (lastOperation >= \(EngineReaderTurn.afterItems) OR NOT \(isBehind))
            AND (NOT isSubscribed OR NOT \(isGoingOut))
        ORDER BY id LIMIT 1
        """
    }

    /// Whether so many subscriptions wait to be ended when nothing is to be done to items.
    public func hasEngineLeavings(
        _ number: Int,
        of newsletter: String,
        at service: JID
    ) throws -> Bool {
        try count(
            """
            SELECT count(*) FROM (SELECT 1 FROM engineReader
                WHERE newsletter = ? AND service = ? AND state <> 'refused'
                    AND lastOperation >= \(EngineReaderTurn.afterItems)
                LIMIT ?)
            """,
            [newsletter, service.description, number]
        ) >= number
    }

    /// Whether there are readers with whom something is to be done, be it later.
    public func hasEngineReaders(of newsletter: String, at service: JID) throws -> Bool {
        try count(
            """
            SELECT EXISTS (SELECT 1 FROM engineReader
                WHERE newsletter = ? AND service = ? AND state <> 'refused')
            """,
            [newsletter, service.description]
        ) == 1
    }

    /// What is to change for a person and each of their clients, and what was refused.
    public func engineReaders(of person: JID) throws -> [EngineReader] {
        let bare = person.bare.description
        return try rows(
            """
            SELECT * FROM engineReader WHERE jid = ?1 OR (jid > ?2 AND jid < ?3) ORDER BY id
            """,
            [bare, bare + "/", bare + "0"],
            EngineReader.init
        )
    }

    /// Whether something is to be done in the node first.
    private static let isBehind = """
        EXISTS (SELECT 1 FROM engineOperation AS operation
            WHERE operation.newsletter = engineReader.newsletter
                AND operation.service = engineReader.service
                AND operation.nodeName = engineReader.nodeName
                AND operation.id <= lastOperation AND operation.state <> 'refused')
        """

    /// Whether something that was published in the node still goes out from here.
    private static let isGoingOut = """
        EXISTS (SELECT 1 FROM fanOut JOIN node ON node.id = fanOut.node
            WHERE node.name = nodeName AND fanOut.state IN ('waiting', 'running', 'held'))
        """
}

// MARK: - Carrying out

extension Transaction {
    /// Notes that the service is about to be asked, and gives what for; nil if it needs no asking any
    /// more.
    public func beginEngineReader(_ reader: EngineReader) throws -> EngineReader? {
        guard let current = try engineReader(reader.id) else { return nil }
        if current.state == .waiting, current.wish.isSubscribed,
            try hasLeft(current) || hasChosen(current)
        {
            try forgetEngineReader(current.id)
            return nil
        }
        try run(
            "UPDATE engineReader SET state = 'sent', reason = NULL WHERE id = ?",
            [current.id]
        )
        return current
    }

    /// Notes what the service has done; false if something was published meanwhile, or chosen by a reader who
    /// did not ask to go there.
    ///
    /// A reader who moves there is sent what was published from here. They are not to have it twice, so it
    /// has to be undone there; unless it is forced, since it can't.
    public func endEngineReader(_ reader: EngineReader, isForced: Bool = false) throws -> Bool {
        guard reader.wish.isSubscribed, let local = reader.wish.local,
            try !isOutdated(reader)
        else {
            try finish(reader)
            return true
        }
        if try hasLeft(reader) {
            // Who leaves does not expect to be somewhere else.
            var wish = reader.wish
            (wish.isSubscribed, wish.local) = (false, nil)
            try forgetEngineReader(reader.id)
            try addEngineReader(wish, at: reader.createdAt)
            return true
        }
        guard try isForced || isQuiet(reader.wish) && !hasChosen(reader) else { return false }
        try endSubscription(local)
        try finish(reader)
        return true
    }

    /// Lets one wait that was begun and undone, behind all there is by now.
    public func putOffEngineReader(_ reader: EngineReader) throws {
        let isOutdated = try isOutdated(reader)
        try forgetEngineReader(reader.id)
        guard !isOutdated else { return }
        try addEngineReader(reader.wish, at: reader.createdAt)
    }

    /// Notes why one that was begun is not done, and that nothing has changed.
    public func holdEngineReader(_ reader: EngineReader, reason: String) throws {
        try run(
            "UPDATE engineReader SET state = 'waiting', reason = ? WHERE id = ?",
            [reason, reader.id]
        )
    }

    /// Notes that the service does not do it: the reader stays where they are.
    ///
    /// Whoever comes from there stays here as well if that is in doubt: twice is better than never.
    public func refuseEngineReader(
        _ reader: EngineReader,
        reason: String,
        isInDoubt: Bool = false
    ) throws {
        guard try !isOutdated(reader), reader.wish.turn != .afterItems(isToldOf: false) else {
            return try forgetEngineReader(reader.id)
        }
        if !reader.wish.isSubscribed, !isInDoubt, let local = reader.wish.local {
            try endSubscription(local)
        }
        try run(
            "UPDATE engineReader SET state = 'refused', reason = ? WHERE id = ?",
            [reason, reader.id]
        )
    }

    /// Forgets who wanted to leave and was refused, and has not looked what became of it since.
    public func forgetRefusedEngineLeavings(askedBefore date: Date) throws {
        try run(
            """
            DELETE FROM engineReader
            WHERE state = 'refused' AND lastOperation >= \(EngineReaderTurn.afterItems)
                AND createdAt < ?
            """,
            [date.timeIntervalSince1970]
        )
    }

    public func forgetEngineReader(_ id: Int64) throws {
        try run("DELETE FROM engineReader WHERE id = ?", [id])
    }

    private func finish(_ reader: EngineReader) throws {
        try forgetEngineReader(reader.id)
        guard reader.wish.isMove else { return }
        try run(
            """
            UPDATE engineMove SET moved = moved + 1, obstacle = NULL, obstacleSince = NULL
            WHERE newsletter = ? AND service = ?
            """,
            [reader.wish.newsletter, reader.wish.service.description]
        )
    }

    private func engineReader(_ id: Int64) throws -> EngineReader? {
        try row("SELECT * FROM engineReader WHERE id = ?", [id], EngineReader.init)
    }

    /// Whether the subscription here is over that was to end with it.
    private func hasLeft(_ reader: EngineReader) throws -> Bool {
        guard let local = reader.wish.local else { return false }
        return try subscription(local) == nil
    }

    /// Whether somebody who was to follow the newsletter has chosen something here since.
    private func hasChosen(_ reader: EngineReader) throws -> Bool {
        guard reader.wish.isMove, let local = reader.wish.local else { return false }
        return try !canMove(local)
    }

    /// Whether something else was asked for since.
    private func isOutdated(_ reader: EngineReader) throws -> Bool {
        try count(
            """
            SELECT EXISTS (SELECT 1 FROM engineReader
                WHERE newsletter = ? AND service = ? AND nodeName = ? AND jid = ? AND id > ?)
            """,
            Self.key(reader.wish) + [reader.id]
        ) == 1
    }

    /// Whether all that was published in the node has gone out, from here and to the service.
    private func isQuiet(_ wish: EngineReaderWish) throws -> Bool {
        try count(
            """
            SELECT NOT \(Self.isGoingOut)
                AND NOT EXISTS (SELECT 1 FROM engineOperation
                    WHERE newsletter = ?2 AND service = ?3 AND engineOperation.nodeName = ?1
                        AND state <> 'refused')
            FROM (SELECT ?1 AS nodeName)
            """,
            [wish.node.rawValue, wish.newsletter, wish.service.description]
        ) == 1
    }
}

extension EngineReader {
    init(_ row: Row) throws {
        id = row["id"]
        let local: Int64? = row["local"]
        wish = EngineReaderWish(
            newsletter: row.text("newsletter"),
            service: try row.jid("service", of: "engineReader"),
            node: try row.word("nodeName", of: "engineReader"),
            reader: try row.jid("jid", of: "engineReader"),
            isSubscribed: row["isSubscribed"],
            local: local.map(SubscriptionRowID.init),
            isMove: row["isMove"],
            turn: EngineReaderTurn(lastOperation: row["lastOperation"])
        )
        state = try row.word("state", of: "engineReader")
        reason = row.optionalText("reason")
        createdAt = row.date("createdAt")
    }
}

extension EngineReaderTurn {
    /// From which number on the last operation that comes before is none, but all there will ever be.
    static let afterItems = Int64.max - 1

    init(lastOperation: Int64) {
        self =
            lastOperation < Self.afterItems
            ? .asAsked : .afterItems(isToldOf: lastOperation > Self.afterItems)
    }

    /// The last operation on items that comes before; nil for the last that was asked for.
    var lastOperation: Int64? {
        switch self {
        case .asAsked: nil
        case .afterItems(let isToldOf): isToldOf ? Self.afterItems + 1 : Self.afterItems
        }
    }
}
