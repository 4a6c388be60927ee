import Foundation
public import Storage
public import XMPP

/// What depends on whether a reader is there (XEP-0060 §12.5, §12.6).
///
/// Nobody's presence is asked for, since that would be a question in their client. What a client
/// sends of itself (directed presence, RFC 6121 §4.6) is known, of those who read something here.
extension PubSubService {
    /// For how long somebody who has gone is not taken for new, in seconds.
    ///
    /// Otherwise whoever comes and goes would be sent the newest item each time.
    static let absence: TimeInterval = 3600

    /// Whether the presence says something that ``receive(_:in:)`` has to store.
    public func concerns(
        _ presence: Presence,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard let client = presence.from, !isInRoom(client) else { return false }
        switch presence.type {
        case .available: return try !transaction.subscriptions(of: client).isEmpty
        case .unavailable: return try !transaction.presences(of: client, at: now()).isEmpty
        default: return false
        }
    }

    /// Takes note of what a client tells of itself, at whichever of our addresses.
    ///
    /// - Returns: The newest items, to somebody who was not there; word of what ends with whom.
    public func receive(
        _ presence: Presence,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard try concerns(presence, in: transaction), let client = presence.from else { return [] }
        let known = try transaction.presences(of: client, at: now())
        guard let show = presence.show else {
            // A bare address is all of its clients.
            for each in known where each.show != nil && (client.isBare || each.client == client) {
                try set(nil, of: each.client, for: Self.absence, in: transaction)
            }
            return try endPresenceLeases(of: client, in: transaction)
        }
        guard try hasPlace(for: client, among: known, in: transaction) else { return [] }
        let expiry = settings.presenceExpiry / .seconds(1)
        try set(show, of: client, for: expiry, in: transaction)
        return try newestItems(for: client, showing: show, knownBefore: known, in: transaction)
    }

    /// Whether one more client is known of, which may need that one that has gone is forgotten.
    ///
    /// A person has as many clients as may have subscriptions of their own.
    private func hasPlace(
        for client: JID,
        among known: [KnownPresence],
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard !known.contains(where: { $0.client == client }),
            known.count >= max(1, settings.maximumClientSubscriptions)
        else { return true }
        let gone = known.filter { $0.show == nil }.min { $0.heardAt < $1.heardAt }
        guard let gone else { return false }
        try transaction.forgetPresence(of: gone.client)
        return true
    }

    private func set(
        _ show: Presence.Show?,
        of client: JID,
        for seconds: TimeInterval,
        in transaction: borrowing Transaction
    ) throws {
        let date = now()
        try transaction.setPresence(
            KnownPresence(client: client, show: show, heardAt: date, until: date + seconds)
        )
    }

    /// Refuses an option that depends on the reader's presence if that is not known.
    func checkPresence(
        of reader: JID,
        choosing choice: DeliveryChoice,
        after before: DeliveryChoice,
        in transaction: borrowing Transaction
    ) throws {
        guard let field = choice.fieldByPresence(chosenAfter: before) else { return }
        let isKnown = try transaction.presences(of: reader, at: now())
            .contains { $0.show != nil && $0.isOf(reader) }
        guard isKnown else { throw PubSubError.presenceUnknown(field: field, service: domain) }
    }

    /// Ends what was to last only as long as its readers are there: that of one person, or all.
    func endPresenceLeases(
        of reader: JID? = nil,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let ended = try transaction.subscriptionsWithoutPresence(of: reader, at: now())
        for subscription in ended { try transaction.endSubscription(subscription.id) }
        return try notices(ofEnded: ended, in: transaction)
    }

    /// The newest items of the nodes that send them to who comes online
    /// (`send_last_published_item`), as far as one answer may hold.
    private func newestItems(
        for client: JID,
        showing show: Presence.Show,
        knownBefore known: [KnownPresence],
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        var room = settings.maximumAnswerSize
        let presence = KnownPresence(client: client, show: show, heardAt: now(), until: now())
        for subscription in try transaction.subscriptions(of: client) {
            let (reader, choice) = (subscription.jid, subscription.choice)
            guard presence.isOf(reader), !known.contains(where: { $0.isOf(reader) }),
                subscription.state == .subscribed, choice.isDelivered,
                choice.form == .event || choice.form == .eventWithBody,
                choice.showValues.isEmpty || choice.showValues.contains(show),
                try transaction.suspension(of: subscription.id) == nil,
                let record = try transaction.node(subscription.node),
                record.configuration.lastItemPolicy == .onSubscriptionAndPresence,
                let size = try transaction.latestItem(of: record.id)?.payload.count
            else { continue }
            guard effects.isEmpty || size <= room else { break }
            room -= size
            effects += try lastItem(for: reader, at: record, in: transaction)
        }
        return effects
    }
}

// MARK: - Contacts

extension PubSubService {
    /// Ends what a reader has of nodes that are for those who have us among their contacts
    /// (§12.14), once none of our addresses is one.
    public func endContactSubscriptions(
        of reader: JID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard try !transaction.hasContact(reader) else { return [] }
        let ended = try transaction.subscriptions(of: reader).filter { subscription in
            guard let record = try transaction.node(subscription.node),
                record.configuration.accessModel == .presence
            else { return false }
            return try transaction.affiliation(of: reader, with: record.id) == .none
        }
        for subscription in ended { try transaction.endSubscription(subscription.id) }
        return try notices(ofEnded: ended, in: transaction)
    }
}
