public import Foundation
internal import GRDB
public import XMPP

/// A reader whom a fan-out did not reach as it reached the others (table `deliveryException`).
public struct DeliveryExceptionRecord: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// To be written again.
        case retry
        /// Given up.
        case failed
    }

    public var fanOut: FanOutRowID
    public var subscription: SubscriptionRowID
    public var jid: JID
    public var kind: Kind
    /// How often it was written.
    public var attempts: Int
    public var nextAttemptAt: Date?
    /// What came back.
    public var condition: StanzaError.Condition
    public var recordedAt: Date

    public init(
        fanOut: FanOutRowID,
        subscription: SubscriptionRowID,
        jid: JID,
        kind: Kind,
        attempts: Int = 1,
        nextAttemptAt: Date? = nil,
        condition: StanzaError.Condition,
        recordedAt: Date
    ) {
        self.fanOut = fanOut
        self.subscription = subscription
        self.jid = jid
        self.kind = kind
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.condition = condition
        self.recordedAt = recordedAt
    }
}

extension Transaction {
    /// Notes the exception in place of an earlier one of that reader in that fan-out.
    public func recordException(_ record: DeliveryExceptionRecord) throws {
        try run(
            """
            INSERT OR REPLACE INTO deliveryException (fanOut, subscription, jid, kind, attempts,
                nextAttemptAt, condition, recordedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.fanOut.rawValue, record.subscription.rawValue, record.jid.description,
                record.kind.rawValue, record.attempts, record.nextAttemptAt?.timeIntervalSince1970,
                record.condition.rawValue, record.recordedAt.timeIntervalSince1970,
            ]
        )
    }

    public func exception(
        of subscription: SubscriptionRowID,
        in fanOut: FanOutRowID
    ) throws -> DeliveryExceptionRecord? {
        try row(
            "SELECT * FROM deliveryException WHERE fanOut = ? AND subscription = ?",
            [fanOut.rawValue, subscription.rawValue],
            DeliveryExceptionRecord.init
        )
    }

    /// All of whom it is known who they are; see ``forgetExceptions(before:)``.
    public func exceptions(of fanOut: FanOutRowID) throws -> [DeliveryExceptionRecord] {
        try rows(
            """
            SELECT * FROM deliveryException WHERE fanOut = ? AND subscription > 0
            ORDER BY subscription
            """,
            [fanOut.rawValue],
            DeliveryExceptionRecord.init
        )
    }

    /// How many readers were given up, or are still to be tried again.
    public func exceptionCount(
        of fanOut: FanOutRowID,
        kind: DeliveryExceptionRecord.Kind
    ) throws -> Int {
        try count(
            """
            SELECT count(*) FROM deliveryException WHERE fanOut = ? AND kind = ?
                AND (kind <> 'retry' OR nextAttemptAt IS NOT NULL)
            """,
            [fanOut.rawValue, kind.rawValue]
        )
    }

    /// From how many readers something came back, be it that they were reached after that.
    ///
    /// Who gets it later has not failed.
    public func returnedCount(of fanOut: FanOutRowID) throws -> Int {
        try count(
            "SELECT count(*) FROM deliveryException WHERE fanOut = ? AND attempts > 0",
            [fanOut.rawValue]
        )
    }

    /// Forgets the exception: the reader was reached after all, or is no reader any more.
    @discardableResult
    public func removeException(
        of subscription: SubscriptionRowID,
        in fanOut: FanOutRowID
    ) throws -> Bool {
        try changes(
            "DELETE FROM deliveryException WHERE fanOut = ? AND subscription = ?",
            [fanOut.rawValue, subscription.rawValue]
        ) == 1
    }
}

extension DeliveryExceptionRecord {
    init(_ row: Row) throws {
        fanOut = try row.rowID("fanOut", of: "deliveryException")
        subscription = try row.rowID("subscription", of: "deliveryException")
        jid = try row.jid("jid", of: "deliveryException")
        kind = try row.word("kind", of: "deliveryException")
        attempts = row.integer("attempts")
        nextAttemptAt = row.optionalDate("nextAttemptAt")
        condition = try row.word("condition", of: "deliveryException")
        recordedAt = row.date("recordedAt")
    }
}
