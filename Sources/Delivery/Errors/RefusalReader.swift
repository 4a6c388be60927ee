import Foundation
import Storage
import XMPP

/// Readers who share the id of a stanza that a multicast service has refused.
struct RefusedReaders: Hashable, Sendable {
    let fanOut: FanOutRowID
    let sharers: ClosedRange<Int64>
}

extension Transaction {
    /// To whom a stanza was that a service has refused; nil if it is none of ours, or was handed to
    /// another service: an id proves nothing.
    func refusal(_ message: Message) throws -> RefusedReaders? {
        guard message.type == .error, let id = message.id, let service = message.from else {
            return nil
        }
        return try refusal(of: id, by: service)
    }

    func refusal(of id: String, by service: JID) throws -> RefusedReaders? {
        guard let tag = StanzaIDCodec.tag(of: id), let fanOut = try fanOut(taggedWith: tag),
            fanOut.multicast?.service == service,
            let sharers = StanzaIDCodec(key: fanOut.key).place(of: id)?.sharers
        else { return nil }
        return RefusedReaders(fanOut: fanOut.id, sharers: sharers)
    }

    /// Lets those be tried again, singly, who may not have got what was refused, and of whom it is
    /// taken for read: those up to that place.
    ///
    /// - Returns: How many there are.
    func retryRefused(
        _ refused: RefusedReaders,
        upTo place: SubscriptionRowID,
        at domain: [UInt8],
        _ condition: StanzaError.Condition,
        _ date: Date
    ) throws -> Int {
        guard let fanOut = try fanOut(refused.fanOut), fanOut.state != .cancelled else { return 0 }
        let readers = try recipients(
            of: fanOut,
            after: SubscriptionRowID(rawValue: refused.sharers.lowerBound - 1),
            limit: refused.sharers.count
        )
        var count = 0
        for reader in readers
        where reader.subscription <= place
            && refused.sharers.contains(reader.subscription.rawValue)
            && (reader.kind == .event || reader.kind == .eventWithBody)
            && Array(reader.address.utf8).withUnsafeBytes({ $0.mayShareIDs(at: domain) })
        {
            guard try exception(of: reader.subscription, in: fanOut.id) == nil else { continue }
            try recordException(
                DeliveryExceptionRecord(
                    fanOut: fanOut.id,
                    subscription: reader.subscription,
                    jid: try JID(reader.address),
                    kind: .retry,
                    nextAttemptAt: date,
                    condition: condition,
                    recordedAt: date
                )
            )
            count += 1
        }
        return count
    }
}
