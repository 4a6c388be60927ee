import PubSubWire
import Storage
import XMPP

/// Subscribing and leaving over the wire (XEP-0060 §5.6, §6.1 to §6.3).
extension PubSubService {
    func subscribe(
        _ request: SubscribeRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        guard request.jid.bare == sender.bare else {
            throw PubSubError.addressIsNotSenders(request.jid)
        }
        var choice = DeliveryChoice()
        if let options = request.options {
            try choice.apply(options, at: now())
            let before = try chosenBefore(request, in: transaction)
            try checkPresence(of: request.jid, choosing: choice, after: before, in: transaction)
        }
        try checkNumber(of: request, in: transaction)
        let outcome = try subscribe(
            request.jid,
            to: request.node,
            choice: choice,
            in: transaction
        )
        let subscription = outcome.record
        // What can be refused comes before what is stored: this request has no savepoint.
        switch outcome {
        case .created:
            break
        case .existing:
            if subscription.state == .pending {
                throw PubSubError.subscriptionPending(request.jid, request.node)
            }
            // Subscribing again is the way to configure at the same time (§6.3.7), starting from
            // what was chosen before.
            guard let options = request.options else { break }
            choice = subscription.choice
            try choice.apply(options, at: now())
            try transaction.setOptions(choice, of: subscription.id)
        }
        if subscription.isPublic != request.isPublic {
            try transaction.setPublic(request.isPublic, of: subscription.id)
        }
        let reply = SubscriptionReply(
            PubSubSubscription(
                node: request.node,
                jid: request.jid,
                state: subscription.state,
                hasOptions: request.options == nil
            ),
            options: request.options.map { _ in choice.resultForm }
        )
        return Answer(payload: reply.element, effects: try welcome(outcome, in: transaction))
    }

    /// What the reader has at the node already; what a new subscription begins with if nothing.
    private func chosenBefore(
        _ request: SubscribeRequest,
        in transaction: borrowing Transaction
    ) throws -> DeliveryChoice {
        guard let record = try transaction.node(named: request.node) else {
            return DeliveryChoice()
        }
        return try transaction.subscription(of: request.jid, to: record.id)?.choice
            ?? DeliveryChoice()
    }

    /// Whether the reader may have one more for a single client: there may be any number of those,
    /// while a bare address has one subscription a node (§6.1.3.9).
    private func checkNumber(
        of request: SubscribeRequest,
        in transaction: borrowing Transaction
    ) throws {
        guard request.jid.resourcepart != nil else { return }
        let others = try transaction.subscriptions(of: request.jid).filter { subscription in
            subscription.jid.resourcepart != nil && subscription.jid != request.jid
        }
        let limit = settings.maximumClientSubscriptions
        guard others.count < limit else { throw PubSubError.tooManySubscriptions(limit: limit) }
    }

    func unsubscribe(
        _ request: UnsubscribeRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        try check(request.jid, isOf: sender)
        if let subID = request.subID {
            _ = try subscription(of: request.jid, to: request.node, in: transaction)
            throw PubSubError.unknownSubscriptionID(subID)
        }
        return Answer(
            effects: try unsubscribe(request.jid, from: request.node, in: transaction)
        )
    }

    /// The sender's subscriptions; each entry names its node, also where all have the same.
    func subscriptions(
        of sender: JID,
        to node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        if let node { _ = try visibleNode(node, to: sender, in: transaction) }
        let subscriptions = try subscriptions(of: sender, in: transaction)
            .filter { node == nil || $0.node == node }
        let reply = SubscriptionsReply(
            node: node,
            subscriptions: subscriptions.map { subscription in
                PubSubSubscription(
                    node: subscription.node,
                    jid: subscription.record.jid,
                    state: subscription.record.state
                )
            }
        )
        return Answer(payload: reply.element)
    }

    /// Answers what is chosen, or takes over what was filled in and answers nothing.
    func options(
        _ request: OptionsRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        try check(request.jid, isOf: sender)
        let record = try subscription(of: request.jid, to: request.node, in: transaction)
        if let subID = request.subID { throw PubSubError.unknownSubscriptionID(subID) }
        guard let form = request.form else {
            let reply = OptionsReply(
                node: request.node,
                jid: request.jid,
                form: record.choice.dataForm
            )
            return Answer(payload: reply.element)
        }
        var choice = record.choice
        try choice.apply(form, at: now())
        try checkPresence(
            of: request.jid,
            choosing: choice,
            after: record.choice,
            in: transaction
        )
        try transaction.setOptions(choice, of: record.id)
        return .done
    }

    /// The options a new subscription has (§6.4).
    func defaultOptions(
        at node: NodeID?,
        for sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        if let node { _ = try visibleNode(node, to: sender, in: transaction) }
        let form = DeliveryChoice().dataForm
        return Answer(payload: DefaultOptionsReply(node: node, form: form).element)
    }

    private func check(_ jid: JID, isOf sender: JID) throws(PubSubError) {
        guard jid.bare == sender.bare else { throw .subscriptionOfAnother(jid) }
    }
}
