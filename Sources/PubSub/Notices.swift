import Foundation
import PubSubWire
import Storage
import XML
import XMPP

/// What single people are told, beside the events for all subscribers.
extension PubSubService {
    /// Tells the subscriber how the subscription stands now (XEP-0060 §12.14).
    func notice(of state: SubscriptionState, of jid: JID, at node: NodeID) -> PubSubEffect {
        let subscription = PubSubSubscription(node: node, jid: jid, state: state)
        return message(PubSubEvent.subscription(subscription).element, to: jid)
    }

    /// Tells somebody of the own affiliation (§8.9.4).
    func notice(of change: AffiliationChanges.Change, at node: NodeID) -> PubSubEffect {
        message(AffiliationNotice(node: node, change: change).element, to: change.jid)
    }

    /// Tells the owners who has come or gone, where they want to know (`notify_sub`).
    ///
    /// Neither whoever it is about hears of it so, nor the owner who did it.
    func ownersNotices(
        of state: SubscriptionState,
        of jid: JID,
        at record: NodeRecord,
        by actor: JID? = nil,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let subscription = PubSubSubscription(node: record.name, jid: jid, state: state)
        return try informedOwners(of: record, by: actor, in: transaction)
            .filter { $0 != jid.bare }
            .map { message(PubSubEvent.subscription(subscription).element, to: $0) }
    }

    /// Whom that concerns, apart from whoever it is about.
    func informedOwners(
        of record: NodeRecord,
        by actor: JID?,
        in transaction: borrowing Transaction
    ) throws -> [JID] {
        guard record.configuration.notifiesOwners else { return [] }
        return try attentiveOwners(of: record, in: transaction).filter { $0 != actor?.bare }
    }

    /// Asks the owners whether somebody may subscribe (§8.6).
    func approvalRequests(
        for subscription: SubscriptionRecord,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        try attentiveOwners(of: record, in: transaction).map { owner in
            approvalRequest(for: subscription.jid, at: record.name, to: owner)
        }
    }

    func approvalRequest(for jid: JID, at node: NodeID, to owner: JID) -> PubSubEffect {
        let approval = SubscriptionApproval(node: node, subscriber: jid)
        return message(approval.dataForm(.form).element, to: owner)
    }

    /// Sends the newest item to a new subscriber, marked as old (§6.1.7).
    func lastItem(
        for jid: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard record.configuration.lastItemPolicy != .never,
            record.configuration.deliversNotifications,
            let item = try transaction.latestItem(of: record.id)
        else { return [] }
        var wireItem = try wireItem(item)
        wireItem.payload = record.configuration.eventPayload(
            of: wireItem.payload,
            isReplacement: item.updatedAt > item.publishedAt
        )
        let event = PubSubEvent.items(ItemsEvent(node: record.name, items: [wireItem]))
        let delay = Delay(stamp: DateTime(item.updatedAt), from: domain)
        return [message(event.element, delay.element, to: jid)]
    }

    /// The owners who are told who comes, goes and asks to.
    ///
    /// Anybody can be made an owner by another. Such a one hears it as a reader of the node, or where
    /// the settings trust owners with it; otherwise it would be a way to have strangers written to.
    private func attentiveOwners(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [JID] {
        let owners = try owners(of: record, in: transaction)
        // Who owns a node of the service was not made so by a stranger.
        guard !settings.ownersAddReaders, record.node.creator != nil else { return owners }
        return try owners.filter { owner in
            try owner == record.node.creator || settings.creators.contains(owner)
                || isReader(owner, of: record, in: transaction)
        }
    }

    /// Whether a person, by any address, has subscribed to the node or waits to be let in.
    func isReader(
        _ person: JID,
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.subscriptions(of: person.bare).contains { $0.node == record.id }
    }

    func owners(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [JID] {
        try transaction.affiliations(with: record.id).filter { $0.affiliation == .owner }
            .map(\.jid)
    }

    func message(_ payloads: Element..., to jid: JID) -> PubSubEffect {
        .message(Message(notifying: jid, of: payloads, from: domain))
    }
}

extension Message {
    /// One that answers nothing, under an id of its own.
    init(notifying jid: JID, of payloads: [Element], from domain: JID) {
        let id = UUID().uuidString.lowercased()
        self.init(.normal, id: id, from: domain, to: jid) { payloads }
    }
}
