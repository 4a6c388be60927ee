import PubSubWire
import Storage
import XMPP

/// Subscribing and leaving over the wire (XEP-0060 §5.6, §6.1 to §6.3).
extension PubSubService {
    func subscribe(
        _ request: SubscribeRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> SubscriptionReply {
        guard request.jid.bare == sender.bare else {
            throw PubSubError.addressIsNotSenders(request.jid)
        }
        var choice = DeliveryChoice()
        if let options = request.options { try choice.apply(options) }
        let outcome = try subscribe(
            request.jid,
            to: request.node,
            choice: choice,
            in: transaction
        )
        // Subscribing again is the way to configure at the same time (§6.3.7), starting from
        // what was chosen before.
        if case .existing(let record) = outcome, let options = request.options {
            var choice = record.choice
            try choice.apply(options)
            try transaction.setOptions(choice, of: record.id)
        }
        return SubscriptionReply(
            PubSubSubscription(
                node: request.node,
                jid: request.jid,
                state: outcome.record.state,
                hasOptions: true
            )
        )
    }

    func unsubscribe(
        _ request: UnsubscribeRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws {
        try check(request.jid, isOf: sender)
        if let subID = request.subID {
            _ = try subscription(of: request.jid, to: request.node, in: transaction)
            throw PubSubError.unknownSubscriptionID(subID)
        }
        try unsubscribe(request.jid, from: request.node, in: transaction)
    }

    /// The sender's subscriptions; each entry names its node, also where all have the same.
    func subscriptions(
        of sender: JID,
        to node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> SubscriptionsReply {
        if let node { _ = try visibleNode(node, in: transaction) }
        let subscriptions = try subscriptions(of: sender, in: transaction)
            .filter { node == nil || $0.node == node }
        return SubscriptionsReply(
            node: node,
            subscriptions: subscriptions.map { subscription in
                PubSubSubscription(
                    node: subscription.node,
                    jid: subscription.record.jid,
                    state: subscription.record.state
                )
            }
        )
    }

    /// Answers what is chosen, or takes over what was filled in and answers nothing.
    func options(
        _ request: OptionsRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> OptionsReply? {
        try check(request.jid, isOf: sender)
        let record = try subscription(of: request.jid, to: request.node, in: transaction)
        if let subID = request.subID { throw PubSubError.unknownSubscriptionID(subID) }
        guard let form = request.form else {
            return OptionsReply(
                node: request.node,
                jid: request.jid,
                form: record.choice.dataForm
            )
        }
        var choice = record.choice
        try choice.apply(form)
        try transaction.setOptions(choice, of: record.id)
        return nil
    }

    private func check(_ jid: JID, isOf sender: JID) throws(PubSubError) {
        guard jid.bare == sender.bare else { throw .subscriptionOfAnother(jid) }
    }
}
