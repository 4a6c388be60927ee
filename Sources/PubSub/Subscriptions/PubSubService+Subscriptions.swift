public import Storage
public import XMPP

/// A reader's subscription and where it is.
public struct ReaderSubscription: Hashable, Sendable {
    public let node: NodeID
    public let record: SubscriptionRecord
}

/// Subscribing and leaving, for every way in: the wire, a chat, a form.
extension PubSubService {
    /// Subscribes the reader, or leaves the subscription as it is when there is one.
    ///
    /// The caller has made sure that the address is the reader's. At a node whose owners approve
    /// its readers, the subscription waits for them.
    public func subscribe(
        _ reader: JID,
        to node: NodeID,
        choice: DeliveryChoice = DeliveryChoice(),
        in transaction: borrowing Transaction
    ) throws -> SubscribeOutcome {
        // A room itself, which is always the same, may read what is announced to all in it.
        let isRoom = choice.form == .room && reader.isBare && reader.localpart != nil
        guard isRoom || !isInRoom(reader) else {
            throw PubSubError.addressInRoom(reader)
        }
        let (record, state) = try subscribableNode(node, for: reader, in: transaction)
        if state == .pending { try checkPending(reader, at: record, in: transaction) }
        let outcome = try transaction.subscribe(
            reader,
            to: record.id,
            choice: choice,
            state: state,
            at: now()
        )
        // Counted last, so that only who is new costs a count; rooms have a limit of their own.
        if case .created(let subscription) = outcome, !isRoom, signUps.isLimited,
            try !readsMore(than: subscription, in: transaction),
            !signUps.admits(reader, at: now())
        {
            // This request has no savepoint.
            _ = try transaction.unsubscribe(reader, from: record.id)
            throw PubSubError.tooManySignUps
        }
        return outcome
    }

    /// Whether the account had something else before: it takes other languages or topics, say.
    private func readsMore(
        than subscription: SubscriptionRecord,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.subscriptions(of: subscription.jid).contains { $0.id != subscription.id }
    }

    /// Whether the address is one of a room's, behind which anybody may be.
    public func isInRoom(_ jid: JID) -> Bool {
        settings.roomDomains.contains(jid.domainpart)
    }

    /// Whether one more may wait for the owners: whoever is there already asks in vain, but takes
    /// no place.
    private func checkPending(
        _ reader: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws {
        guard try transaction.pendingCount(at: record.id) >= settings.maximumPendingSubscriptions,
            try transaction.subscription(of: reader, to: record.id) == nil
        else { return }
        throw PubSubError.tooManyPending(record.node.name)
    }

    /// Ends the reader's subscription.
    ///
    /// - Returns: What is to be sent: the owners may want to know (`notify_sub`).
    @discardableResult
    public func unsubscribe(
        _ reader: JID,
        from node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let record = try visibleNode(node, to: reader, in: transaction)
        guard try transaction.unsubscribe(reader, from: record.id) else {
            throw PubSubError.notSubscribed(reader, node)
        }
        signUps.noteLeaving(reader, at: now())
        return try ownersNotices(of: .none, of: reader, at: record, in: transaction)
    }

    /// What a new subscription leads to: the newest item and word to the owners, or a question.
    ///
    /// Nothing for one that was there.
    public func welcome(
        _ outcome: SubscribeOutcome,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard case .created(let subscription) = outcome,
            let record = try transaction.node(subscription.node)
        else { return [] }
        if subscription.state == .pending {
            return try approvalRequests(for: subscription, at: record, in: transaction)
        }
        return try lastItem(for: subscription.jid, at: record, in: transaction)
            + ownersNotices(of: .subscribed, of: subscription.jid, at: record, in: transaction)
    }

    /// Changes what the reader gets from now on.
    public func choose(
        _ choice: DeliveryChoice,
        for reader: JID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws {
        let subscription = try subscription(of: reader, to: node, in: transaction)
        try transaction.setOptions(choice, of: subscription.id)
    }

    /// All subscriptions of the bare address and its resources, oldest first.
    public func subscriptions(
        of reader: JID,
        in transaction: borrowing Transaction
    ) throws -> [ReaderSubscription] {
        var subscriptions: [ReaderSubscription] = []
        for record in try transaction.subscriptions(of: reader) {
            guard let node = try transaction.node(record.node),
                try isVisible(node, to: reader, in: transaction)
            else { continue }
            subscriptions.append(ReaderSubscription(node: node.name, record: record))
        }
        return subscriptions
    }

    func subscription(
        of reader: JID,
        to node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> SubscriptionRecord {
        let record = try visibleNode(node, to: reader, in: transaction)
        guard let subscription = try transaction.subscription(of: reader, to: record.id) else {
            throw PubSubError.notSubscribed(reader, node)
        }
        return subscription
    }
}
