public import Foundation
public import Storage
public import XMPP

/// What came of an error that answered a delivery.
public struct Bounce: Hashable, Sendable {
    public let fanOut: FanOutRowID
    public let reader: SubscriptionRecord
    public let error: StanzaError
    public let verdict: ErrorVerdict
}

extension Transaction {
    /// Finds the reader from whom the error came, notes it, and ends the subscription if there is
    /// no such reader any more.
    ///
    /// - Returns: Nil if the message is no error to one of our deliveries, or its sender not the
    ///   reader it went to: an id proves nothing.
    public func recordBounce(_ message: Message, at date: Date) throws -> Bounce? {
        guard let error = message.error, let sender = message.from, let id = message.id,
            let tag = StanzaIDCodec.tag(of: id), let fanOut = try fanOut(taggedWith: tag),
            let place = StanzaIDCodec(key: fanOut.key).place(of: id),
            let reader = try subscription(place.subscription),
            reader.node == fanOut.node, reader.jid == sender || reader.jid == sender.bare
        else { return nil }
        let bounce = Bounce(
            fanOut: fanOut.id,
            reader: reader,
            error: error,
            verdict: ErrorVerdict(error, from: reader.jid)
        )
        try record(bounce, at: date)
        return bounce
    }

    private func record(_ bounce: Bounce, at date: Date) throws {
        let earlier = try exception(of: bounce.reader.id, in: bounce.fanOut)
        try recordException(
            DeliveryExceptionRecord(
                fanOut: bounce.fanOut,
                subscription: bounce.reader.id,
                jid: bounce.reader.jid,
                kind: bounce.verdict == .retry ? .retry : .failed,
                attempts: (earlier?.attempts ?? 0) + 1,
                condition: bounce.error.condition,
                recordedAt: date
            )
        )
        if bounce.verdict == .end {
            try endSubscription(bounce.reader.id)
        }
    }
}
