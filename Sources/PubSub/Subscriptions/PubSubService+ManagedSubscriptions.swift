import Foundation
import PubSubWire
public import Storage
public import XMPP

/// Subscriptions as owners manage them (XEP-0060 §8.6 to §8.8), and leases that end (§12.19).
extension PubSubService {
    func subscribers(
        of node: NodeID,
        for owner: JID,
        _ page: ResultSetRequest?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(node, by: owner, in: transaction)
        // Who waits for approval is no subscriber yet, and is asked for otherwise (§8.8.1.2).
        let asked = try ListSlice(
            of: try transaction.subscriptionCount(of: record.id),
            page ?? ResultSetRequest(),
            place: { id in
                try (try? JID(id)).flatMap {
                    try transaction.place(ofSubscriber: $0, to: record.id)
                }
            }
        )
        let most = asked.shortened(to: settings.maximumListLength)
        let (given, list) = most.fitting(
            try transaction.subscribers(to: record.id, in: most.range),
            within: settings.maximumAnswerSize,
            size: { Self.entrySize + $0.jid.description.sizeInAttribute }
        )
        let entries = list.map { PubSubSubscription(node: nil, jid: $0.jid, state: $0.state) }
        let reply = OwnersListReply.subscribers(
            SubscriberChanges(node: node, changes: entries),
            page: page == nil && given == asked
                ? nil
                : given.page(
                    first: list.first?.jid.description,
                    last: list.last?.jid.description
                )
        )
        return Answer(payload: reply.element)
    }

    /// Changes all that the owner lists, or nothing (§8.8.2); those concerned are told.
    func change(
        _ request: SubscriberChanges,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(request.node, by: owner, in: transaction)
        var effects: [PubSubEffect] = []
        var refused: [PubSubSubscription] = []
        for change in request.changes {
            let before = try transaction.subscription(of: change.jid, to: record.id)
            let state = before?.state ?? .none
            guard state != change.state else { continue }
            guard try set(change, from: before, by: owner, at: record, in: transaction) else {
                refused.append(PubSubSubscription(node: nil, jid: change.jid, state: state))
                continue
            }
            effects.append(notice(of: change.state, of: change.jid, at: record.name))
            effects += try ownersNotices(
                of: change.state,
                of: change.jid,
                at: record,
                by: owner,
                in: transaction
            )
        }
        guard refused.isEmpty else {
            throw PubSubError.subscriptionsStay(
                SubscriberChanges(node: record.name, changes: refused)
            )
        }
        return Answer(effects: effects)
    }

    /// Whether the subscription may be so: an owner approves and ends, and subscribes nobody whom
    /// the node is closed to, no occupants of rooms, and nobody else who has not asked, unless the settings say otherwise:
    /// the XEP would let whoever owns a node flood whom they like.
    private func set(
        _ change: PubSubSubscription,
        from before: SubscriptionRecord?,
        by owner: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        switch (change.state, before) {
        case (.none, let before?):
            return try transaction.endSubscription(before.id)
        case (.subscribed, let before?):
            return try transaction.setState(.subscribed, of: before.id)
        case (.subscribed, nil):
            guard settings.ownersAddReaders || change.jid.bare == owner.bare,
                !settings.roomDomains.contains(change.jid.domainpart),
                try isOpen(record, to: change.jid, in: transaction)
            else { return false }
            _ = try transaction.subscribe(change.jid, to: record.id, at: now())
            return true
        case (.none, nil), (.pending, _), (.unconfigured, _):
            return false
        }
    }
}

// MARK: - Approval

extension PubSubService {
    /// Whether a message to the domain is to be handled here: an owner has sent back a form of ours.
    public static func isDecision(_ message: Message) -> Bool {
        approval(in: message) != nil
    }

    private static func approval(in message: Message) -> SubscriptionApproval? {
        guard message.type != .error, let form = message.child("x", in: .dataForms) else {
            return nil
        }
        let answer = DataForm(form)
        return answer.type == .submit ? SubscriptionApproval(answer) : nil
    }

    /// Does what an owner has decided on a subscription that waits (§8.6).
    ///
    /// A second decision on the same request changes nothing: the first one wins.
    private func decide(
        _ approval: SubscriptionApproval,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let record = try ownedNode(approval.node, by: owner, in: transaction)
        guard let isAllowed = approval.isAllowed,
            let subscription = try transaction.subscription(
                of: approval.subscriber,
                to: record.id
            ),
            subscription.state == .pending
        else { return [] }
        if isAllowed {
            try transaction.setState(.subscribed, of: subscription.id)
        } else {
            try transaction.endSubscription(subscription.id)
        }
        let state = isAllowed ? SubscriptionState.subscribed : .none
        return [notice(of: state, of: subscription.jid, at: record.name)]
            + (isAllowed ? try lastItem(for: subscription.jid, at: record, in: transaction) : [])
            + (try ownersNotices(
                of: state,
                of: subscription.jid,
                at: record,
                by: owner,
                in: transaction
            ))
    }

    /// Answers a message to the domain that carries an owner's decision; nothing for any other.
    public func handle(
        _ message: Message,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard let approval = Self.approval(in: message), let sender = message.from else {
            return []
        }
        do {
            return try decide(approval, by: sender, in: transaction)
        } catch let error as PubSubError {
            return [.message(message.reply(error: error.stanzaError))]
        }
    }
}

// MARK: - Leases

extension PubSubService {
    /// Whether ``endLeases(in:)`` has anything to do.
    public func areLeasesOver(in transaction: borrowing Transaction) throws -> Bool {
        try transaction.hasEndedLeases(at: now())
    }

    /// Ends the subscriptions whose time is over, and tells those who had them.
    ///
    /// To be done before requests are answered; ``upkeep(in:)`` does it when there are none.
    public func endLeases(in transaction: borrowing Transaction) throws -> [PubSubEffect] {
        guard try areLeasesOver(in: transaction) else { return [] }
        return try notices(ofEnded: try transaction.endLeases(at: now()), in: transaction)
    }

    /// Tells those who had the subscriptions that they are over, and the owners.
    func notices(
        ofEnded subscriptions: [SubscriptionRecord],
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        for subscription in subscriptions {
            guard let record = try transaction.node(subscription.node) else { continue }
            effects.append(notice(of: .none, of: subscription.jid, at: record.name))
            effects += try ownersNotices(
                of: .none,
                of: subscription.jid,
                at: record,
                in: transaction
            )
        }
        return effects
    }

    /// Ends the subscriptions of readers who have been suspended for long.
    ///
    /// They hear nothing of it, since nothing reaches them.
    func endSuspensions(in transaction: borrowing Transaction) throws -> [PubSubEffect] {
        guard let expiry = settings.suspendedExpiry else { return [] }
        let date = now() - expiry / .seconds(1)
        var effects: [PubSubEffect] = []
        for subscription in try transaction.endSuspensions(begunBefore: date) {
            guard let record = try transaction.node(subscription.node) else { continue }
            effects += try ownersNotices(
                of: .none,
                of: subscription.jid,
                at: record,
                in: transaction
            )
        }
        return effects
    }
}
