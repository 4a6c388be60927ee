import PubSubWire
import Storage
import XMPP

/// What becomes of subscriptions when others than before may read a node (XEP-0060 §14.3): those end
/// that could not be begun now, and who waited in vain waits no longer.
///
/// Whoever is subscribed when a node becomes one whose readers are approved counts as approved.
extension PubSubService {
    /// How many subscriptions are read at once, and ended.
    static let adaptedAtOnce = 500

    private enum Adaptation {
        case stays, begins, ends
    }

    /// A person's affiliation has changed (§8.7.4, §8.9).
    func adaptSubscriptions(
        of person: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        try transaction.subscriptions(of: person.bare)
            .filter { $0.node == record.id }
            .flatMap { subscription -> [PubSubEffect] in
                switch try adaptation(of: subscription, at: record, in: transaction) {
                case .stays: return []
                case .begins: return try begin(subscription, at: record, in: transaction)
                case .ends:
                    try transaction.endSubscription(subscription.id)
                    return [
                        notice(of: .none, of: subscription.jid, at: record.name), .deliveryRecalled,
                    ]
                }
            }
    }

    /// The node's access model has changed; owners who want to know hear who has come or gone by it.
    ///
    /// All of it is one transaction, since nobody may be sent any more what is not for them. They may
    /// be many, so no more is kept of those who have gone than their addresses.
    func adaptSubscriptions(
        at record: NodeRecord,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        var ended = EndedSubscriptions(
            at: record.name,
            of: domain,
            owners: try informedOwners(of: record, by: owner, in: transaction)
        )
        // In this order nobody is met twice.
        for state in [SubscriptionState.subscribed, .pending] {
            var last = SubscriptionRowID.start
            while true {
                let page = try transaction.subscriptions(
                    to: record.id,
                    in: state,
                    after: last,
                    limit: Self.adaptedAtOnce
                )
                guard let end = page.last else { break }
                last = end.id
                var ending: [SubscriptionRecord] = []
                for subscription in page {
                    switch try adaptation(of: subscription, at: record, in: transaction) {
                    case .stays: break
                    case .begins:
                        effects += try begin(subscription, at: record, in: transaction)
                        effects += try ownersNotices(
                            of: .subscribed,
                            of: subscription.jid,
                            at: record,
                            by: owner,
                            in: transaction
                        )
                    case .ends: ending.append(subscription)
                    }
                }
                try transaction.endSubscriptions(ending.map(\.id))
                ended.readers += ending.map(\.jid)
            }
        }
        guard !ended.readers.isEmpty else { return effects }
        return effects + [.subscriptionsEnded(ended), .deliveryRecalled]
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

    private func adaptation(
        of subscription: SubscriptionRecord,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> Adaptation {
        let affiliation = try transaction.affiliation(of: subscription.jid, with: record.id)
        let beginning = try beginning(
            of: subscription.jid,
            as: affiliation,
            at: record,
            in: transaction
        )
        return switch (beginning, subscription.state) {
        case (nil, _): .ends
        case (.subscribed?, .pending): .begins
        default: .stays
        }
    }

    /// Lets somebody in who need not wait any longer.
    private func begin(
        _ subscription: SubscriptionRecord,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        try transaction.setState(.subscribed, of: subscription.id)
        return [notice(of: .subscribed, of: subscription.jid, at: record.name)]
            + (try lastItem(for: subscription.jid, at: record, in: transaction))
    }
}
