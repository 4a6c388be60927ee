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
        if let options = request.options { try choice.apply(options, at: now()) }
        let outcome = try subscribe(
            request.jid,
            to: request.node,
            choice: choice,
            in: transaction
        )
        let subscription = outcome.record
        var answer = Answer(
            payload: SubscriptionReply(
                PubSubSubscription(
                    node: request.node,
                    jid: request.jid,
                    state: subscription.state,
                    hasOptions: true
                )
            ).element
        )
        // What can be refused comes before what is stored: this request has no savepoint.
        switch outcome {
        case .created:
            answer.effects = try welcome(subscription, in: transaction)
        case .existing:
            if subscription.state == .pending {
                throw PubSubError.subscriptionPending(request.jid, request.node)
            }
            // Subscribing again is the way to configure at the same time (§6.3.7), starting from
            // what was chosen before.
            guard let options = request.options else { break }
            var choice = subscription.choice
            try choice.apply(options, at: now())
            try transaction.setOptions(choice, of: subscription.id)
        }
        if subscription.isPublic != request.isPublic {
            try transaction.setPublic(request.isPublic, of: subscription.id)
        }
        return answer
    }

    /// What a new subscription leads to: the newest item, and word to the owners.
    private func welcome(
        _ subscription: SubscriptionRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard let record = try transaction.node(subscription.node) else { return [] }
        if subscription.state == .pending {
            return try approvalRequests(for: subscription, at: record, in: transaction)
        }
        return try lastItem(for: subscription.jid, at: record, in: transaction)
            + ownersNotices(of: .subscribed, of: subscription.jid, at: record, in: transaction)
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
        try unsubscribe(request.jid, from: request.node, in: transaction)
        let record = try visibleNode(request.node, in: transaction)
        return Answer(
            effects: try ownersNotices(
                of: .none,
                of: request.jid,
                at: record,
                in: transaction
            )
        )
    }

    /// The sender's subscriptions; each entry names its node, also where all have the same.
    func subscriptions(
        of sender: JID,
        to node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        if let node { _ = try visibleNode(node, in: transaction) }
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
        try transaction.setOptions(choice, of: record.id)
        return .done
    }

    /// The options a new subscription has (§6.4).
    func defaultOptions(
        at node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        if let node { _ = try visibleNode(node, in: transaction) }
        let form = DeliveryChoice().dataForm
        return Answer(payload: DefaultOptionsReply(node: node, form: form).element)
    }

    private func check(_ jid: JID, isOf sender: JID) throws(PubSubError) {
        guard jid.bare == sender.bare else { throw .subscriptionOfAnother(jid) }
    }
}
