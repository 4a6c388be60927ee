import PubSubWire
public import Storage
public import XMPP

/// Affiliations: the sender's own (XEP-0060 §5.7), and as owners manage them (§8.9).
extension PubSubService {
    func affiliations(
        of sender: JID,
        with node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        if let node { _ = try visibleNode(node, to: sender, in: transaction) }
        var entries: [AffiliationsReply.Entry] = []
        for record in try transaction.affiliations(of: sender) {
            guard let held = try transaction.node(record.node),
                try isVisible(held, to: sender, in: transaction),
                node == nil || held.name == node
            else { continue }
            entries.append(.init(node: held.name, affiliation: record.affiliation))
        }
        return Answer(payload: AffiliationsReply(node: node, entries: entries).element)
    }

    func affiliates(
        of node: NodeID,
        for owner: JID,
        _ page: ResultSetRequest?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(node, by: owner, in: transaction)
        let all = try transaction.affiliations(with: record.id)
        let ids = all.map(\.jid.description)
        let asked = try ListSlice(of: ids, page ?? ResultSetRequest())
        let most = asked.shortened(to: settings.maximumListLength)
        let (given, affiliates) = most.fitting(
            Array(all[most.range]),
            within: settings.maximumAnswerSize,
            size: { Self.entrySize + $0.jid.description.sizeInAttribute }
        )
        let list = affiliates.map { AffiliationChanges.Change($0.jid, $0.affiliation) }
        let reply = OwnersListReply.affiliates(
            AffiliationChanges(node: node, changes: list),
            page: page == nil && given == asked ? nil : given.page(of: ids)
        )
        return Answer(payload: reply.element)
    }

    /// Changes all that the owner lists, or nothing (§8.9.2).
    ///
    /// A node made over the wire keeps an owner; who that is may change in one request.
    func change(
        _ request: AffiliationChanges,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(request.node, by: owner, in: transaction)
        var effects: [PubSubEffect] = []
        var formerOwners: [AffiliationChanges.Change] = []
        for change in request.changes {
            let before = try transaction.affiliation(of: change.jid, with: record.id)
            guard before != change.affiliation else { continue }
            if before == .owner { formerOwners.append(.init(change.jid, .owner)) }
            try transaction.setAffiliation(change.affiliation, of: change.jid, with: record.id)
            if try mayBeTold(change.jid, of: record, by: owner, in: transaction) {
                effects.append(
                    notice(of: .init(change.jid.bare, change.affiliation), at: record.name)
                )
            }
            effects += try adaptSubscriptions(of: change.jid, at: record, in: transaction)
        }
        guard try !owners(of: record, in: transaction).isEmpty else {
            throw PubSubError.affiliationsStay(
                AffiliationChanges(node: record.name, changes: formerOwners)
            )
        }
        return Answer(effects: effects)
    }

    /// Makes the person an outcast of the node, or lets one in again: the operator's word, which needs
    /// no owner's.
    ///
    /// - Returns: What is to be sent: an outcast's subscriptions end, which they are told.
    public func setBlocked(
        _ isBlocked: Bool,
        _ person: JID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard let record = try transaction.node(named: node) else {
            throw PubSubError.nodeNotFound(node)
        }
        let before = try transaction.affiliation(of: person, with: record.id)
        guard (before == .outcast) != isBlocked else { return [] }
        let affiliation: PubSubAffiliation = isBlocked ? .outcast : .none
        try transaction.setAffiliation(affiliation, of: person, with: record.id)
        return try adaptSubscriptions(of: person, at: record, in: transaction)
    }

    /// Whether somebody hears of it: §8.9.4 would let an owner have notices sent to anybody.
    private func mayBeTold(
        _ person: JID,
        of record: NodeRecord,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard !settings.ownersAddReaders, person.bare != owner.bare else { return true }
        return try isReader(person, of: record, in: transaction)
    }
}
