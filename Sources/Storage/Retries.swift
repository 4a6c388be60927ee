public import Foundation
internal import GRDB

/// A message that is to be written again.
public struct DueRetry: Hashable, Sendable {
    public let fanOut: FanOutRecord
    public let recipient: Recipient
}

/// Readers who are to be tried again.
extension Transaction {
    /// When somebody is to be tried again first of those whose turn it may be.
    public func nextRetry() throws -> Date? {
        try row(
            """
            SELECT retry.nextAttemptAt AS due FROM deliveryException AS retry JOIN fanOut AS mine
                ON mine.id = retry.fanOut
                LEFT JOIN subscription AS reader ON reader.id = retry.subscription
            WHERE retry.nextAttemptAt IS NOT NULL AND \(Self.isAllowed)
            ORDER BY retry.nextAttemptAt LIMIT 1
            """
        ) { $0.optionalDate("due") } ?? nil
    }

    /// The retries that are due, at most `limit`, in the order of their fan-outs.
    ///
    /// Those that nobody waits for any more are forgotten: the reader has left or is suspended, the
    /// fan-out was cancelled, or a newer one of the item brings them all that they lack. Those who
    /// want silence are due when that is over.
    public func dueRetries(at date: Date, limit: Int) throws -> [DueRetry] {
        try mendAttempts(at: date)
        while true {
            let due = try rows(Self.due, [date.timeIntervalSince1970, limit]) { row in
                let fanOut: FanOutRowID = try row.rowID("fanOut", of: "deliveryException")
                let reader: SubscriptionRowID = try row.rowID(
                    "subscription",
                    of: "deliveryException"
                )
                return (
                    fanOut: fanOut,
                    reader: reader,
                    quietUntil: Silence(row).end(at: date),
                    recipient: row["isWanted"] as Bool? == true
                        ? Recipient(
                            subscription: reader,
                            address: row.text("jid"),
                            kind: try VariantKind(row, of: "subscription")
                        ) : nil
                )
            }
            for vain in due where vain.recipient == nil {
                try removeException(of: vain.reader, in: vain.fanOut)
            }
            let wanted = try due.compactMap { id, reader, quietUntil, recipient -> DueRetry? in
                guard let recipient else { return nil }
                // Whoever is not put off beyond the moment would be read again for ever.
                if let quietUntil, quietUntil > date {
                    try putOff(reader, in: id, until: quietUntil)
                    return nil
                }
                guard let fanOut = try fanOut(id) else {
                    throw StoreError.unreadable(table: "deliveryException", value: "\(id.rawValue)")
                }
                return DueRetry(fanOut: fanOut, recipient: recipient)
            }
            if !wanted.isEmpty || due.count < limit { return wanted }
        }
    }

    /// Nobody is put off for longer: quiet hours end within 24, or 25 where the clocks are set back, and
    /// whoever is busy for longer is put off again.
    private static let longestWait: TimeInterval = 26 * 3600

    /// Lets those be due who were put off by a clock that was ahead then, and is right by now.
    private func mendAttempts(at date: Date) throws {
        try run(
            "UPDATE deliveryException SET nextAttemptAt = ?1 WHERE nextAttemptAt > ?1 + ?2",
            [date.timeIntervalSince1970, Self.longestWait]
        )
    }

    private func putOff(
        _ reader: SubscriptionRowID,
        in fanOut: FanOutRowID,
        until date: Date
    ) throws {
        try run(
            "UPDATE deliveryException SET nextAttemptAt = ? WHERE fanOut = ? AND subscription = ?",
            [date.timeIntervalSince1970, fanOut.rawValue, reader.rawValue]
        )
    }

    /// Notes that the server has read what was due at that moment and was written again.
    ///
    /// An error that came back to it in the meantime has set a later one, which stands.
    ///
    /// - Parameters:
    ///   - retry: what was written.
    ///   - due: the moment for which it was asked.
    ///   - date: when the server had read it.
    /// - Throws: What the database has to say.
    public func noteRetried(_ retry: DueRetry, dueAt due: Date, at date: Date) throws {
        try run(
            """
            UPDATE deliveryException SET nextAttemptAt = NULL, triedAgainAt = ?4
            WHERE fanOut = ?1 AND subscription = ?2 AND nextAttemptAt <= ?3
            """,
            [
                retry.fanOut.id.rawValue, retry.recipient.subscription.rawValue,
                due.timeIntervalSince1970, date.timeIntervalSince1970,
            ]
        )
    }

    /// Lets those be written once more who were tried again since a moment: a server that died may
    /// have lost it.
    ///
    /// - Parameters:
    ///   - target: how far to go back, by the time of day.
    ///   - period: what was read before or after it the server still has.
    /// - Throws: What the database has to say.
    public func rewindRetries(_ target: RewindTarget, within period: ClosedRange<Date>) throws {
        let moment: Date? =
            switch target {
            case .moment(let date): date
            case .beforeLastAcknowledgement(let seconds):
                try row("SELECT max(triedAgainAt) AS at FROM deliveryException") {
                    $0.optionalDate("at")
                }?.map { $0 - seconds }
            }
        guard let moment else { return }
        try run(
            """
            UPDATE deliveryException SET nextAttemptAt = triedAgainAt
            WHERE triedAgainAt >= ?1 AND triedAgainAt <= ?2 AND nextAttemptAt IS NULL
                AND kind = 'retry'
            """,
            [
                max(moment, period.lowerBound).timeIntervalSince1970,
                period.upperBound.timeIntervalSince1970,
            ]
        )
    }

    /// Whether it may be the turn of a retry in the fan-out `mine`: that is not held, and what a
    /// correction says to a `reader` in a chat or a room comes after what it corrects, however long
    /// that takes.
    private static let isAllowed = """
        mine.state <> 'held' AND NOT (
            mine.note IS 'correction' AND reader.form IN ('chat', 'room') AND EXISTS (
                SELECT 1 FROM fanOut AS earlier JOIN deliveryException AS unread
                    ON unread.fanOut = earlier.id AND unread.subscription = retry.subscription
                WHERE earlier.node = mine.node AND earlier.itemName = mine.itemName
                    AND earlier.scope = mine.scope AND earlier.id < mine.id
                    AND unread.nextAttemptAt IS NOT NULL))
        """

    /// The retries that are due, first those that have been due longest.
    ///
    /// A retraction ends all before it. Other than that, what was not had yet is replaced by what
    /// has the whole in it: another first publication, or a correction's event. In a chat or a room a
    /// correction says no more than what has changed. One that was cancelled replaces nothing for those
    /// whom it had not reached.
    private static let due = """
        SELECT retry.fanOut AS fanOut, retry.subscription AS subscription, reader.jid AS jid,
            reader.form AS form, reader.amount AS amount,
            \(Silence.columns),
            reader.isDelivered AND reader.state = 'subscribed' AND reader.suspendedAt IS NULL
            AND mine.state <> 'cancelled'
            AND (reader.showValues IS NULL OR \(isThere(at: "?1")))
            AND EXISTS (
                SELECT 1 FROM variant WHERE variant.fanOut = mine.id
                    AND variant.form = reader.form
                    AND variant.amount = iif(reader.form = 'chat', reader.amount, ''))
            AND NOT EXISTS (
                SELECT 1 FROM fanOut AS later
                WHERE later.node = mine.node AND later.itemName = mine.itemName
                    AND later.scope = mine.scope AND later.id > mine.id
                    AND (later.state <> 'cancelled' OR retry.subscription <= later.cursor)
                    AND (later.retracts IS NOT NULL
                        OR (later.note IS NOT 'correction' OR reader.form NOT IN ('chat', 'room'))
                        AND EXISTS (
                            SELECT 1 FROM variant WHERE variant.fanOut = later.id
                                AND variant.form = reader.form
                                AND variant.amount = iif(reader.form = 'chat', reader.amount, ''))
                    )) AS isWanted
        FROM deliveryException AS retry JOIN fanOut AS mine ON mine.id = retry.fanOut
            LEFT JOIN subscription AS reader ON reader.id = retry.subscription
            LEFT JOIN quietHours AS quiet ON quiet.jid = reader.jid AND reader.form = 'chat'
            LEFT JOIN doNotDisturb AS busy ON busy.jid = reader.jid AND reader.form = 'chat'
        WHERE retry.nextAttemptAt <= ?1 AND \(isAllowed)
        ORDER BY retry.nextAttemptAt, retry.fanOut, retry.subscription LIMIT ?2
        """
}
