import PubSubWire
import Storage
import XMPP

/// What becomes of subscriptions when others than before may read a node (XEP-0060 §14.3): those end
/// that could not be begun now, and who waited in vain waits no longer.
///
/// Whoever is subscribed when a node becomes one whose readers are approved counts as approved.
extension PubSubService {
    /// A person's affiliation has changed (§8.7.4, §8.9).
    func adaptSubscriptions(
        of person: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let affiliation = try transaction.affiliation(of: person, with: record.id)
        return try transaction.subscriptions(of: person.bare)
            .filter { $0.node == record.id }
            .flatMap { try adapt($0, as: affiliation, at: record, in: transaction) }
    }

    /// The node's access model has changed; owners who want to know hear who has come or gone by it.
    func adaptSubscriptions(
        at record: NodeRecord,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let affiliations = Dictionary(
            try transaction.affiliations(with: record.id).map { ($0.jid, $0.affiliation) },
            uniquingKeysWith: { first, _ in first }
        )
        return try transaction.subscriptions(to: record.id).flatMap { subscription in
            let affiliation = affiliations[subscription.jid.bare] ?? .none
            let effects = try adapt(subscription, as: affiliation, at: record, in: transaction)
            guard !effects.isEmpty else { return effects }
            let state = try transaction.subscription(subscription.id)?.state ?? .none
            return try effects
                + ownersNotices(
                    of: state,
                    of: subscription.jid,
                    at: record,
                    by: owner,
                    in: transaction
                )
        }
    }

    /// Whether that person may be sent what is published there.
    func isOpen(
        _ record: NodeRecord,
        to reader: JID,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        let affiliation = try transaction.affiliation(of: reader, with: record.id)
        return try beginning(of: reader, as: affiliation, at: record, in: transaction) != nil
    }

    private func adapt(
        _ subscription: SubscriptionRecord,
        as affiliation: PubSubAffiliation,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let reader = subscription.jid
        switch (
            try beginning(of: reader, as: affiliation, at: record, in: transaction),
            subscription.state
        ) {
        case (nil, _):
            try transaction.endSubscription(subscription.id)
            return [notice(of: .none, of: reader, at: record.name), .deliveryRecalled]
        case (.subscribed?, .pending):
            try transaction.setState(.subscribed, of: subscription.id)
            return [notice(of: .subscribed, of: reader, at: record.name)]
                + (try lastItem(for: reader, at: record, in: transaction))
        default:
            return []
        }
    }
}
