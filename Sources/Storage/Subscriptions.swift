public import Foundation
internal import GRDB
public import XMPP

/// What a reader wants to get.
public struct DeliveryChoice: Hashable, Sendable {
    public var form: DeliveryForm
    /// How much of an issue a chat message holds; kept while the form is another.
    public var amount: ChatAmount
    /// Whether anything is sent at all (`pubsub#deliver`).
    public var isDelivered: Bool
    /// When the subscription ends by itself (`pubsub#expire`).
    public var expiresAt: Date?
    /// Whether a translation comes too, as a message, where the original came before it.
    public var takesTranslations = true
    /// What a client of the reader must show for anything to be sent (`pubsub#show-values`); empty if
    /// it does not matter.
    public var showValues: Set<Presence.Show> = []
    /// Whether the subscription ends when the reader goes (`pubsub#expire` as `presence`).
    public var endsWithPresence = false

    public init(
        form: DeliveryForm = .event,
        amount: ChatAmount = .short,
        isDelivered: Bool = true,
        expiresAt: Date? = nil
    ) {
        self.form = form
        self.amount = amount
        self.isDelivered = isDelivered
        self.expiresAt = expiresAt
    }
}

/// A subscription (table `subscription`): one for each node and address.
public struct SubscriptionRecord: Hashable, Sendable {
    public let id: SubscriptionRowID
    public let node: NodeRowID
    /// Bare, or full when only one resource reads.
    public let jid: JID
    public var state: SubscriptionState
    public var choice: DeliveryChoice
    /// Whether everybody may know of it (XEP-0465).
    public var isPublic: Bool
    public let createdAt: Date
}

/// How asking for a subscription ended.
public enum SubscribeOutcome: Hashable, Sendable {
    case created(SubscriptionRecord)
    /// There was one, and it is as it was.
    case existing(SubscriptionRecord)

    public var record: SubscriptionRecord {
        switch self {
        case .created(let record), .existing(let record): record
        }
    }
}

extension Transaction {
    public func subscription(of jid: JID, to node: NodeRowID) throws -> SubscriptionRecord? {
        try row(
            Self.subscriptionOfJID,
            [jid.description, node.rawValue],
            SubscriptionRecord.init
        )
    }

    private static let subscriptionOfJID = """
        SELECT \(SubscriptionRecord.columns) FROM subscription WHERE jid = ? AND node = ?
        """

    public func subscription(_ id: SubscriptionRowID) throws -> SubscriptionRecord? {
        try row(
            "SELECT \(SubscriptionRecord.columns) FROM subscription WHERE id = ?",
            [id.rawValue],
            SubscriptionRecord.init
        )
    }

    /// The subscriptions of the bare address and of its resources, in order of their making.
    public func subscriptions(of jid: JID) throws -> [SubscriptionRecord] {
        // '0' is the character after '/': between them lie the address's resources.
        let bare = jid.bare.description
        return try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM (
                SELECT * FROM subscription WHERE jid = ?1
                UNION ALL SELECT * FROM subscription WHERE jid > ?2 AND jid < ?3)
            WHERE node NOT IN (SELECT id FROM node WHERE deletedAt IS NOT NULL)
            ORDER BY id
            """,
            [bare, bare + "/", bare + "0"],
            SubscriptionRecord.init
        )
    }

    public func subscriptions(to node: NodeRowID) throws -> [SubscriptionRecord] {
        try rows(
            "SELECT \(SubscriptionRecord.columns) FROM subscription WHERE node = ? ORDER BY id",
            [node.rawValue],
            SubscriptionRecord.init
        )
    }

    /// The next of those that are in that state, in order of their making; none if there are no more.
    public func subscriptions(
        to node: NodeRowID,
        in state: SubscriptionState,
        after last: SubscriptionRowID,
        limit: Int
    ) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE node = ? AND state = ? AND id > ? ORDER BY id LIMIT ?
            """,
            [node.rawValue, state.rawValue, last.rawValue, limit],
            SubscriptionRecord.init
        )
    }

    /// A part of those that get what is published there, in order of their making; those that wait
    /// for approval are in none.
    public func subscribers(
        to node: NodeRowID,
        in range: Range<Int>
    ) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE node = ? AND state = 'subscribed' ORDER BY id LIMIT ? OFFSET ?
            """,
            [node.rawValue, range.count, range.lowerBound],
            SubscriptionRecord.init
        )
    }

    /// How many of them come before that one; nil if it is none of them.
    public func place(ofSubscriber jid: JID, to node: NodeRowID) throws -> Int? {
        guard let subscription = try subscription(of: jid, to: node),
            subscription.state == .subscribed
        else { return nil }
        return try count(
            """
            SELECT count(*) FROM subscription WHERE node = ? AND state = 'subscribed' AND id < ?
            """,
            [node.rawValue, subscription.id.rawValue]
        )
    }

    /// How many get what is published there; those that wait for approval do not count.
    public func subscriptionCount(of node: NodeRowID) throws -> Int {
        try quickCount(
            "SELECT subscribers FROM nodeCount WHERE node = ?",
            [.integer(node.rawValue)]
        )
    }

    /// Subscribes the address unless it is; then only a suspension ends.
    public func subscribe(
        _ jid: JID,
        to node: NodeRowID,
        choice: DeliveryChoice = DeliveryChoice(),
        state: SubscriptionState = .subscribed,
        at date: Date
    ) throws -> SubscribeOutcome {
        let created = try quickChanges(
            """
            INSERT INTO subscription (node, jid, state, form, amount, isDelivered, expiresAt,
                createdAt, takesTranslations, showValues, endsWithPresence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (jid, node) DO NOTHING
            """,
            [
                .integer(node.rawValue), .text(jid.description), .text(state.rawValue),
                .text(choice.form.rawValue), .text(choice.amount.rawValue),
                .integer(choice.isDelivered ? 1 : 0),
                choice.expiresAt.map { .real($0.timeIntervalSince1970) } ?? .null,
                .real(date.timeIntervalSince1970), .integer(choice.takesTranslations ? 1 : 0),
                choice.showWords.map(QuickValue.text) ?? .null,
                .integer(choice.endsWithPresence ? 1 : 0),
            ],
            countingFirst: false
        )
        if created == 1 {
            noteAdded(choice, in: state, to: node)
            return .created(
                SubscriptionRecord(
                    id: SubscriptionRowID(rawValue: database.lastInsertedRowID),
                    node: node,
                    jid: jid,
                    state: state,
                    choice: choice,
                    isPublic: false,
                    createdAt: date
                )
            )
        }
        guard let existing = try subscription(of: jid, to: node) else {
            throw StoreError.unreadable(table: "subscription", value: jid.description)
        }
        try resume(existing.id)
        return .existing(existing)
    }

    /// Changes what the reader gets and tells whether the subscription is there.
    ///
    /// Who asks for something is there to get it: a suspension ends.
    @discardableResult
    public func setOptions(_ choice: DeliveryChoice, of id: SubscriptionRowID) throws -> Bool {
        try resume(id)
        return try changes(
            """
            UPDATE subscription SET form = ?, amount = ?, isDelivered = ?, expiresAt = ?,
                takesTranslations = ?, showValues = ?, endsWithPresence = ?,
                \(Self.isAskedNoMore)
            WHERE id = ?
            """,
            [
                choice.form.rawValue, choice.amount.rawValue, choice.isDelivered,
                choice.expiresAt?.timeIntervalSince1970, choice.takesTranslations,
                choice.showWords, choice.endsWithPresence, id.rawValue,
            ]
        ) == 1
    }

    /// Lets everybody know of the subscription, or nobody any more (XEP-0465).
    public func setPublic(_ isPublic: Bool, of id: SubscriptionRowID) throws {
        try run("UPDATE subscription SET isPublic = ? WHERE id = ?", [isPublic, id.rawValue])
    }

    public func publicSubscriptions(to node: NodeRowID) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE node = ? AND isPublic AND state = 'subscribed'
            ORDER BY id
            """,
            [node.rawValue],
            SubscriptionRecord.init
        )
    }

    public func pendingSubscriptions(to node: NodeRowID) throws -> [SubscriptionRecord] {
        try rows(
            """
            SELECT \(SubscriptionRecord.columns) FROM subscription
            WHERE node = ? AND state = 'pending' ORDER BY id
            """,
            [node.rawValue],
            SubscriptionRecord.init
        )
    }

    /// How many wait for the node's owners.
    public func pendingCount(at node: NodeRowID) throws -> Int {
        try quickCount(
            "SELECT count(*) FROM subscription WHERE node = ? AND state = 'pending'",
            [.integer(node.rawValue)]
        )
    }

    /// Ends the subscriptions whose time is over, and gives them (XEP-0060 §12.19).
    public func endLeases(at date: Date) throws -> [SubscriptionRecord] {
        let ended = try rows(
            Self.endedLeases,
            [date.timeIntervalSince1970],
            SubscriptionRecord.init
        )
        for record in ended { try endSubscription(record.id) }
        return ended
    }

    /// In the order of their index: in that of the ids, SQLite would rather read the whole table.
    static let endedLeases = """
        SELECT \(SubscriptionRecord.columns) FROM subscription
        WHERE expiresAt <= ? ORDER BY expiresAt
        """

    /// Whether there is a subscription whose time is over.
    public func hasEndedLeases(at date: Date) throws -> Bool {
        try quickCount(
            "SELECT EXISTS (SELECT 1 FROM subscription WHERE expiresAt <= ?)",
            [.real(date.timeIntervalSince1970)]
        ) == 1
    }

    /// Moves the subscription on, as when an owner approves it.
    @discardableResult
    public func setState(_ state: SubscriptionState, of id: SubscriptionRowID) throws -> Bool {
        try changes(
            "UPDATE subscription SET state = ? WHERE id = ?",
            [state.rawValue, id.rawValue]
        ) == 1
    }

    /// Ends the subscription and tells whether it was there.
    @discardableResult
    public func unsubscribe(_ jid: JID, from node: NodeRowID) throws -> Bool {
        try changes(
            "DELETE FROM subscription WHERE jid = ? AND node = ?",
            [jid.description, node.rawValue]
        ) == 1
    }

    @discardableResult
    public func endSubscription(_ id: SubscriptionRowID) throws -> Bool {
        try changes("DELETE FROM subscription WHERE id = ?", [id.rawValue]) == 1
    }

    /// Ends all of these at once.
    ///
    /// Within a savepoint SQLite goes through all that was changed since it began after each statement, so
    /// that very many should not be ended one by one.
    public func endSubscriptions(_ ids: [SubscriptionRowID]) throws {
        guard !ids.isEmpty else { return }
        let list = ids.map { "\($0.rawValue)" }.joined(separator: ",")
        try run(
            "DELETE FROM subscription WHERE id IN (SELECT value FROM json_each(?))",
            ["[\(list)]"]
        )
    }
}

extension SubscriptionRecord {
    /// What is read, in the order of `init(_:)`.
    static let columns = """
        id, node, jid, state, form, amount, isDelivered, expiresAt, isPublic, createdAt,
            takesTranslations, showValues, endsWithPresence
        """

    init(_ row: Row) throws {
        id = try row.rowID(at: 0, of: "subscription")
        node = try row.rowID(at: 1, of: "subscription")
        jid = try row.jid(at: 2, of: "subscription")
        state = try row.word(at: 3, of: "subscription")
        choice = DeliveryChoice(
            form: try row.word(at: 4, of: "subscription"),
            amount: try row.word(at: 5, of: "subscription"),
            isDelivered: row[6],
            expiresAt: row.optionalDate(at: 7)
        )
        choice.takesTranslations = row[10]
        choice.showWords = row[11]
        choice.endsWithPresence = row[12]
        isPublic = row[8]
        createdAt = row.date(at: 9)
    }
}

extension DeliveryChoice {
    /// The words of ``showValues``, as they are stored; nil if there is none.
    fileprivate var showWords: String? {
        get {
            guard !showValues.isEmpty else { return nil }
            return showValues.map(\.rawValue).sorted().joined(separator: " ")
        }
        set {
            let words = newValue?.split(separator: " ") ?? []
            showValues = Set(words.compactMap { Presence.Show(rawValue: String($0)) })
        }
    }
}
