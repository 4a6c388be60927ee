public import Foundation
internal import GRDB
public import XMPP

/// A delivery to be started.
public struct NewFanOut: Hashable, Sendable {
    public var node: NodeRowID
    /// The item it is about; for one about the node itself, a word for what happened to it.
    public var item: ItemID
    public var scope: FanOutRecord.Scope
    public var audience: FanOutRecord.Audience
    /// Whoever gets what this is a part of from that node gets no message in a chat as well.
    public var wholeNode: NodeRowID?
    /// What is sent; a reader whose choice has no variant is not among the recipients.
    public var variants: [VariantRecord]
    public var note: String?
    /// The newest of those whose messages it takes back, at those who read in a chat window.
    public var retracts: FanOutRowID?
    /// The one whose messages it corrects, at those whose last one from us that is.
    public var corrects: FanOutRowID?

    public init(
        node: NodeRowID,
        item: ItemID,
        scope: FanOutRecord.Scope = .item,
        audience: FanOutRecord.Audience = .all,
        wholeNode: NodeRowID? = nil,
        variants: [VariantRecord],
        note: String? = nil,
        retracts: FanOutRowID? = nil,
        corrects: FanOutRowID? = nil
    ) {
        self.node = node
        self.item = item
        self.scope = scope
        self.audience = audience
        self.wholeNode = wholeNode
        self.variants = variants
        self.note = note
        self.retracts = retracts
        self.corrects = corrects
    }
}

/// The delivery of one event to a node's readers (table `fanOut`).
///
/// Its cursor walks over the subscriptions in the order of their ids.
public struct FanOutRecord: Hashable, Sendable {
    public enum Audience: String, Sendable, CaseIterable {
        case all
        /// Those who read in a chat window only.
        case plainCopy
    }

    /// What the event is about: nothing of one item, nor of its node, overtakes another.
    public enum Scope: String, Sendable, CaseIterable {
        case item, node
    }

    public enum State: String, Sendable, CaseIterable {
        case waiting, running, held, finished, cancelled

        public var isUnfinished: Bool {
            switch self {
            case .waiting, .running, .held: true
            case .finished, .cancelled: false
            }
        }
    }

    public let id: FanOutRowID
    /// Random: a public tag of ``tagLength`` bytes, then a secret.
    public let key: [UInt8]
    public let node: NodeRowID
    public let item: ItemID
    public let scope: Scope
    public let audience: Audience
    /// The node of the whole, if this is a part; see ``NewFanOut/wholeNode``.
    public let wholeNode: NodeRowID?
    /// Up to here the server is known to have read all.
    public var cursor: SubscriptionRowID
    /// The newest subscription anywhere when it started: who joins later is not in it.
    public let lastSubscription: SubscriptionRowID
    public var state: State
    /// How many recipients there were at the start.
    public var total: Int
    /// How many were written up to the cursor.
    public var sent: Int
    public let createdAt: Date
    public var finishedAt: Date?
    public var note: String?
    /// See ``NewFanOut/retracts``.
    public var retracts: FanOutRowID?
    /// See ``NewFanOut/corrects``.
    public var corrects: FanOutRowID?
    /// How it goes to many readers at once; nil until that is decided, before its first message.
    public var multicast: MulticastUse?
    /// Why it went on singly from some reader on, if it did.
    public var multicastEnd: String?
    /// Whether anything of it was handed to the service, be it that nothing came of that.
    public var usedMulticast = false

    /// Takes back so many fan-outs at most; an issue has one, and another for each translation.
    static let mostRetracted = 16
    public static let tagLength = 6
    static let keyLength = 22
}

/// What a fan-out is, where it is not a first publication; kept as ``FanOutRecord/note``.
public enum FanOutNote: String, Sendable {
    case correction, retraction
}

extension FanOutRecord {
    /// Whether it tells readers that what they got is taken back.
    public var isRetraction: Bool { note == FanOutNote.retraction.rawValue }
}

/// What the ids of a fan-out's messages are made with; see ``FanOutRecord/key``.
public struct FanOutKey: Hashable, Sendable {
    public let key: [UInt8]
    public let lastSubscription: SubscriptionRowID
}

// MARK: - Starting and finding

extension Transaction {
    /// Starts a delivery to those who are subscribed now.
    ///
    /// It takes as long for a million readers as for one, unless it is a part whose readers have to
    /// be compared with those of the whole.
    public func startFanOut(_ new: NewFanOut, at date: Date) throws -> FanOutRecord {
        var generator = SystemRandomNumberGenerator()
        let key = (0..<FanOutRecord.keyLength).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        try run(
            """
            INSERT INTO fanOut (key, node, scope, itemName, audience, lastSubscription, state,
                total, createdAt, note, wholeNode, retracts, corrects, sendsChats)
            SELECT ?1, ?2, ?3, ?4, ?5, coalesce(max(id), 0), 'waiting', 0, ?6, ?7, ?8, ?9, ?10, ?11
            FROM subscription
            """,
            [
                Data(key), new.node.rawValue, new.scope.rawValue, new.item.rawValue,
                new.audience.rawValue, date.timeIntervalSince1970, new.note,
                new.wholeNode?.rawValue, new.retracts?.rawValue, new.corrects?.rawValue,
                new.variants.contains { $0.kind.form == .chat },
            ]
        )
        let id = FanOutRowID(rawValue: database.lastInsertedRowID)
        try addVariants(new.variants, to: id)
        if new.note == nil { try countParts(of: new.variants, in: id) }
        guard var record = try fanOut(id) else {
            throw StoreError.unreadable(table: "fanOut", value: "\(id.rawValue)")
        }
        let withheld =
            try withholdRetraction(record, at: date) + withholdTranslation(record, at: date)
        record.total = try recipientCount(of: record) - withheld
        try run("UPDATE fanOut SET total = ? WHERE id = ?", [record.total, id.rawValue])
        return record
    }

    public func fanOut(_ id: FanOutRowID) throws -> FanOutRecord? {
        try row("SELECT * FROM fanOut WHERE id = ?", [id.rawValue], FanOutRecord.init)
    }

    /// The fan-out whose key begins with these bytes, its public tag.
    public func fanOut(taggedWith tag: [UInt8]) throws -> FanOutRecord? {
        let last = tag + [UInt8](repeating: 0xFF, count: FanOutRecord.keyLength - tag.count)
        return try row(
            "SELECT * FROM fanOut WHERE key >= ? AND key <= ?",
            [Data(tag), Data(last)],
            FanOutRecord.init
        )
    }

    /// The keys of the newest fan-outs, and of all older ones that may still be written to somebody, or
    /// were until lately.
    public func fanOutKeys(ofNewest number: Int) throws -> [FanOutKey] {
        try rows(
            """
            SELECT key, lastSubscription FROM fanOut
            WHERE id IN (SELECT fanOut FROM variant)
                OR id IN (SELECT id FROM fanOut ORDER BY id DESC LIMIT ?)
            """,
            [number]
        ) { row in
            FanOutKey(
                key: row.bytes("key"),
                lastSubscription: try row.rowID("lastSubscription", of: "fanOut")
            )
        }
    }

    /// All that are waiting, running or held, oldest first.
    public func unfinishedFanOuts() throws -> [FanOutRecord] {
        try rows(
            """
            SELECT * FROM fanOut WHERE state IN ('waiting', 'running', 'held') ORDER BY id
            """,
            [],
            FanOutRecord.init
        )
    }

    /// The same, without those of hidden nodes: who works on a draft is no reader.
    public func unfinishedPublicFanOuts() throws -> [FanOutRecord] {
        try rows(
            """
            SELECT fanOut.* FROM fanOut JOIN node ON node.id = fanOut.node
            WHERE state IN ('waiting', 'running', 'held') AND NOT isHidden ORDER BY fanOut.id
            """,
            [],
            FanOutRecord.init
        )
    }

    /// Whether it goes to those who see a hidden node, be that deleted by now.
    public func isHidden(_ id: FanOutRowID) throws -> Bool {
        try row(
            "SELECT isHidden FROM fanOut JOIN node ON node.id = fanOut.node WHERE fanOut.id = ?",
            [id.rawValue]
        ) { $0["isHidden"] } ?? false
    }

    /// The newest fan-outs in whichever state, newest first.
    public func fanOuts(limit: Int) throws -> [FanOutRecord] {
        try rows("SELECT * FROM fanOut ORDER BY id DESC LIMIT ?", [limit], FanOutRecord.init)
    }

    public func isFanOutUnfinished(of item: ItemID, in node: NodeRowID) throws -> Bool {
        try count(
            """
            SELECT count(*) FROM fanOut
            WHERE node = ? AND itemName = ? AND scope = 'item' AND state IN ('waiting', 'running', 'held')
            """,
            [node.rawValue, item.rawValue]
        ) > 0
    }

    /// Ends whatever of the item is still going out, or was to go out later, where it is.
    public func cancelFanOuts(of item: ItemID, in node: NodeRowID, at date: Date) throws {
        try withholdPostponed(of: item, in: node)
        try run(
            """
            UPDATE fanOut SET state = 'cancelled', finishedAt = ?
            WHERE node = ? AND itemName = ? AND scope = 'item' AND state IN ('waiting', 'running', 'held')
            """,
            [date.timeIntervalSince1970, node.rawValue, item.rawValue]
        )
    }

    /// Moves an unfinished fan-out to another state, and tells whether there was one.
    @discardableResult
    public func setState(
        _ state: FanOutRecord.State,
        of id: FanOutRowID,
        at date: Date
    ) throws -> Bool {
        try changes(
            """
            UPDATE fanOut SET state = ?, finishedAt = ?
            WHERE id = ? AND state IN ('waiting', 'running', 'held')
            """,
            [
                state.rawValue, state.isUnfinished ? nil : date.timeIntervalSince1970, id.rawValue,
            ]
        ) == 1
    }

    /// Forgets what only a fan-out under way needs: acknowledgements, and variants once nobody will
    /// have to be tried again.
    ///
    /// The row itself stays, since an error may come back very late.
    ///
    /// - Parameters:
    ///   - date: what was acknowledged after it may still be gone back into.
    ///   - written: to what was written after it, at first or again, an error may still come back.
    /// - Throws: What the database has to say.
    public func pruneFanOuts(acknowledgedBefore date: Date, writtenBefore written: Date) throws {
        try run(
            """
            DELETE FROM acknowledgement WHERE fanOut IN (
                SELECT noted.fanOut FROM acknowledgement AS noted
                JOIN fanOut AS done ON done.id = noted.fanOut AND done.finishedAt IS NOT NULL
                GROUP BY noted.fanOut HAVING max(noted.at) < ?)
            """,
            [date.timeIntervalSince1970]
        )
        try prunePostponed(writtenBefore: written)
        for table in ["variant", "variantPart"] {
            try run(
                """
                DELETE FROM \(table) WHERE fanOut IN (
                    SELECT done.id FROM \(table) AS kept
                    JOIN fanOut AS done ON done.id = kept.fanOut AND done.finishedAt < ?1
                    WHERE NOT EXISTS (
                            SELECT 1 FROM acknowledgement AS noted WHERE noted.fanOut = done.id)
                        AND NOT EXISTS (
                            SELECT 1 FROM deliveryException AS retry
                            WHERE retry.fanOut = done.id AND (
                                retry.nextAttemptAt IS NOT NULL OR retry.triedAgainAt >= ?1))
                        AND NOT EXISTS (\(Self.openRetryOfOlder)))
                """,
                [written.timeIntervalSince1970]
            )
        }
    }

    /// Whether an older one of the same is to be tried again: that there are messages of the newer is why
    /// it is not.
    private static let openRetryOfOlder = """
        SELECT 1 FROM fanOut AS older JOIN deliveryException AS open ON open.fanOut = older.id
        WHERE older.node = done.node AND older.itemName = done.itemName AND older.scope = done.scope
            AND older.id < done.id AND open.nextAttemptAt IS NOT NULL
        """

    /// Lets that have ended now which a clock that was ahead then, and is right by now, let end in the
    /// future: otherwise it would be kept until that comes.
    public func mendEnds(at date: Date) throws {
        let now = date.timeIntervalSince1970
        let values: StatementArguments = [now, now + 3600]
        let deletedNodes = "SELECT id FROM node WHERE deletedAt IS NOT NULL"
        try run(
            """
            UPDATE fanOut SET finishedAt = ?1 WHERE finishedAt > ?2
                AND (id IN (SELECT fanOut FROM variant) OR node IN (\(deletedNodes)))
            """,
            values
        )
        try run("UPDATE node SET deletedAt = ?1 WHERE deletedAt > ?2", values)
        try run(
            """
            UPDATE deliveryException SET triedAgainAt = ?1 WHERE triedAgainAt > ?2
                AND fanOut IN (SELECT fanOut FROM variant)
            """,
            values
        )
    }

    /// Takes what is left of deleted nodes whose deliveries have all ended before that moment.
    public func pruneNodes(deletedBefore date: Date) throws {
        try run(
            """
            DELETE FROM node WHERE deletedAt < ?1 AND NOT EXISTS (
                SELECT 1 FROM fanOut WHERE fanOut.node = node.id
                    AND (finishedAt IS NULL OR finishedAt >= ?1))
            """,
            [date.timeIntervalSince1970]
        )
    }
}

extension FanOutRecord {
    init(_ row: Row) throws {
        id = try row.rowID("id", of: "fanOut")
        key = row.bytes("key")
        node = try row.rowID("node", of: "fanOut")
        item = try row.word("itemName", of: "fanOut")
        scope = try row.word("scope", of: "fanOut")
        audience = try row.word("audience", of: "fanOut")
        wholeNode = (row["wholeNode"] as Int64?).map(NodeRowID.init(rawValue:))
        cursor = try row.rowID("cursor", of: "fanOut")
        lastSubscription = try row.rowID("lastSubscription", of: "fanOut")
        state = try row.word("state", of: "fanOut")
        total = row.integer("total")
        sent = row.integer("sent")
        createdAt = row.date("createdAt")
        finishedAt = row.optionalDate("finishedAt")
        note = row.optionalText("note")
        retracts = (row["retracts"] as Int64?).map(FanOutRowID.init(rawValue:))
        corrects = (row["corrects"] as Int64?).map(FanOutRowID.init(rawValue:))
        multicast = try MulticastUse(row)
        multicastEnd = row.optionalText("multicastEnd")
        usedMulticast = row["usedMulticast"]
    }
}
