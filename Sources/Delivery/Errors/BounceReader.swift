public import Foundation
public import Storage
public import XMPP

/// What came of an error that answered a delivery.
public struct Bounce: Hashable, Sendable {
    public let fanOut: FanOutRowID
    public let reader: SubscriptionRecord
    /// Our address from which the delivery had come, to which the error went.
    public let sender: JID?
    public let error: StanzaError
    public let verdict: ErrorVerdict
    /// When the reader is tried again; nil if not.
    public var nextAttemptAt: Date?
    /// Whether this was one failure too many: the reader is sent nothing from now on.
    public var isSuspended = false
    /// The language of the node, if it has one and the reader was suspended (RFC 5646).
    public var language: String?
}

extension Transaction {
    /// Finds the reader from whom the error came, notes it, and ends the subscription if there is
    /// no such reader any more.
    ///
    /// - Returns: Nil if the message is no error to one of our deliveries, or its sender not the
    ///   reader it went to: an id proves nothing. Nor is one that changes nothing any more.
    public func recordBounce(
        _ message: Message,
        at date: Date,
        settings: DeliverySettings
    ) throws -> Bounce? {
        guard let news = try news(of: message, at: date, settings: settings) else { return nil }
        var bounce = news.bounce
        try record(&bounce, after: news.earlier, at: date, settings)
        return bounce
    }

    /// What a message says of a reader of ours, and what came of errors from them before it; nil if
    /// that stays as it is.
    func news(
        of message: Message,
        at date: Date,
        settings: DeliverySettings
    ) throws -> (bounce: Bounce, earlier: DeliveryExceptionRecord?)? {
        guard let error = message.error, let (fanOut, reader) = try origin(of: message) else {
            return nil
        }
        let bounce = Bounce(
            fanOut: fanOut.id,
            reader: reader,
            sender: message.to,
            error: error,
            verdict: ErrorVerdict(error, from: reader.jid, isRoom: reader.choice.form == .room)
        )
        let earlier = try exception(of: reader.id, in: fanOut.id)
        return bounce.isNews(after: earlier, at: date, settings) ? (bounce, earlier) : nil
    }

    /// When what came back is written again; nil if it is not, or that was none of ours.
    func nextAttempt(behind message: Message) throws -> Date? {
        guard let (fanOut, reader) = try origin(of: message) else { return nil }
        return try exception(of: reader.id, in: fanOut.id)?.nextAttemptAt
    }

    /// The delivery a message came back from, and the reader it had gone to; nil if it is none of
    /// ours, or comes from somebody else.
    func origin(
        of message: Message
    ) throws -> (fanOut: FanOutRecord, reader: SubscriptionRecord)? {
        guard let sender = message.from, let id = message.id,
            let tag = StanzaIDCodec.tag(of: id), let fanOut = try fanOut(taggedWith: tag),
            let place = StanzaIDCodec(key: fanOut.key).place(of: id)
        else { return nil }
        let reader =
            if let sharers = place.sharers {
                try sharer(sender, among: sharers, of: fanOut)
            } else {
                try subscription(place.subscription)
            }
        guard let reader, reader.node == fanOut.node, reader.answers(from: sender) else {
            return nil
        }
        return (fanOut, reader)
    }

    /// The one of those who share an id whose address that is.
    private func sharer(
        _ sender: JID,
        among sharers: ClosedRange<Int64>,
        of fanOut: FanOutRecord
    ) throws -> SubscriptionRecord? {
        guard fanOut.multicast?.service != nil else { return nil }
        for address in sender.isBare ? [sender] : [sender, sender.bare] {
            // In a chat, or a room, each has an id of their own.
            if let reader = try subscription(of: address, to: fanOut.node),
                sharers.contains(reader.id.rawValue), reader.id <= fanOut.lastSubscription,
                reader.choice.form == .event || reader.choice.form == .eventWithBody
            {
                return reader
            }
        }
        return nil
    }

    private func record(
        _ bounce: inout Bounce,
        after earlier: DeliveryExceptionRecord?,
        at date: Date,
        _ settings: DeliverySettings
    ) throws {
        // Who got it after their quiet hours was not counted until now.
        let attempts = max(1, earlier?.attempts ?? 1)
        if bounce.verdict == .retry, attempts < settings.attempts {
            bounce.nextAttemptAt = date + settings.retryDelay(afterAttempt: attempts).seconds
        }
        let isRetried = bounce.nextAttemptAt != nil
        try recordException(
            DeliveryExceptionRecord(
                fanOut: bounce.fanOut,
                subscription: bounce.reader.id,
                jid: bounce.reader.jid,
                kind: isRetried ? .retry : .failed,
                attempts: isRetried ? attempts + 1 : attempts,
                nextAttemptAt: bounce.nextAttemptAt,
                condition: bounce.error.condition,
                recordedAt: date
            )
        )
        if bounce.verdict == .end {
            try endSubscription(bounce.reader.id)
        } else if !isRetried {
            bounce.isSuspended = try score(bounce.reader.id, at: date, settings)
        }
        if bounce.isSuspended {
            bounce.language = try node(bounce.reader.node)?.configuration.language
        }
    }

    /// Suspends the reader if too many issues failed; true if that is new.
    private func score(
        _ reader: SubscriptionRowID,
        at date: Date,
        _ settings: DeliverySettings
    ) throws -> Bool {
        guard settings.failuresAllowed > 0 else { return false }
        let failures = try failedItems(of: reader, since: date - settings.failureExpiry.seconds)
        return try failures >= settings.failuresAllowed && suspend(reader, at: date)
    }
}

extension Bounce {
    /// Whether it changes anything: anybody can send the same error again and again, a second copy or
    /// another part of an issue comes back as well, and each of them would be stored.
    ///
    /// What ends the subscription always does, and only once.
    fileprivate func isNews(
        after earlier: DeliveryExceptionRecord?,
        at date: Date,
        _ settings: DeliverySettings
    ) -> Bool {
        guard let earlier else { return true }
        return switch (verdict, earlier.kind) {
        case (.end, _), (.score, .retry): true
        case (.score, .failed): false
        case (.retry, .failed): earlier.attempts < settings.attempts
        // All parts of the issue will be written again anyway.
        case (.retry, .retry): earlier.nextAttemptAt.map { $0 <= date } ?? true
        }
    }
}

extension SubscriptionRecord {
    /// Whether what comes from that address comes from the reader: from a person's client too, but
    /// of a room's resources each is somebody else.
    fileprivate func answers(from sender: JID) -> Bool {
        jid == sender || choice.form != .room && jid == sender.bare
    }
}

extension DeliverySettings {
    /// How long to wait after so many attempts.
    func retryDelay(afterAttempt attempt: Int) -> Duration {
        let factor = 1 << min(max(attempt, 1) - 1, 20)
        return min(retryDelay * factor, Self.longestRetryDelay)
    }
}
