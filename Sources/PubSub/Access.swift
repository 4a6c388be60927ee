import PubSubWire
import Storage
import XMPP

/// Who may see a node, read it, publish at it, and change it.
extension PubSubService {
    /// The node as that person sees it: a hidden one looks missing to those it was not opened to.
    ///
    /// XEP-0060 would have a draft answered `forbidden`, which tells everybody that it exists.
    func visibleNode(
        _ name: NodeID,
        to person: JID?,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        guard !name.isReserved else { throw PubSubError.reservedNode(name) }
        guard let record = try transaction.node(named: name),
            try isVisible(record, to: person, in: transaction)
        else {
            if let uri = try transaction.redirect(from: name) {
                throw PubSubError.nodeMoved(name, uri: uri)
            }
            throw PubSubError.nodeNotFound(name)
        }
        return record
    }

    /// Whether the node is hidden from nobody, or opened to that person by an affiliation.
    func isVisible(
        _ record: NodeRecord,
        to person: JID?,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard record.node.isHidden else { return true }
        guard let person else { return false }
        return try transaction.affiliation(of: person, with: record.id).opensHidden
    }

    /// The node, if that person is one of its owners (§8).
    func ownedNode(
        _ name: NodeID,
        by owner: JID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        let record = try visibleNode(name, to: owner, in: transaction)
        guard try transaction.affiliation(of: owner, with: record.id) == .owner else {
            throw PubSubError.notOwner(name)
        }
        return record
    }

    /// The node, if that person may subscribe to it, and the state the subscription begins in
    /// (§6.1.3).
    func subscribableNode(
        _ name: NodeID,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> (NodeRecord, SubscriptionState) {
        let record = try visibleNode(name, to: reader, in: transaction)
        let affiliation = try transaction.affiliation(of: reader, with: record.id)
        guard
            let state = try beginning(of: reader, as: affiliation, at: record, in: transaction)
        else { throw refusal(of: affiliation, at: record) }
        return (record, state)
    }

    /// The state in which a subscription of that person, who has that affiliation, begins; nil if such
    /// a one may not be sent what is published there (§6.1.3, §14.3).
    func beginning(
        of reader: JID,
        as affiliation: PubSubAffiliation,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> SubscriptionState? {
        switch affiliation {
        case .outcast, .publishOnly: return nil
        case .owner, .publisher, .member: return .subscribed
        case .none:
            guard !record.node.isHidden else { return nil }
            return switch record.configuration.accessModel {
            case .open: .subscribed
            case .authorize: .pending
            case .presence: try transaction.hasContact(reader) ? .subscribed : nil
            case .whitelist, .roster: nil
            }
        }
    }

    private func refusal(of affiliation: PubSubAffiliation, at record: NodeRecord) -> PubSubError {
        guard affiliation == .none else { return .outcast(record.name) }
        return record.configuration.accessModel == .presence
            ? .contactsOnly(record.name, service: domain) : .closedNode(record.name)
    }

    /// The node, if that person may fetch its items (§6.5.9).
    func readableNode(
        _ name: NodeID,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        let (record, state) = try subscribableNode(name, for: reader, in: transaction)
        guard state != .subscribed else { return record }
        guard try isSubscribed(reader, to: record, in: transaction) else {
            throw PubSubError.subscribersOnly(name)
        }
        return record
    }

    /// Whether that person may publish there (§7.1.3.1), and whether items of others too.
    func publishingRight(
        of sender: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> PublishingRight {
        switch try transaction.affiliation(of: sender, with: record.id) {
        case .owner, .publisher: return .allItems
        case .publishOnly: return .ownItems
        case .outcast: return .none
        case .member, .none: break
        }
        switch record.configuration.publishModel {
        case .publishers: return .none
        case .open: return .ownItems
        case .subscribers:
            return try isSubscribed(sender, to: record, in: transaction) ? .ownItems : .none
        }
    }

    /// Whether the address, or the person as a whole, is subscribed.
    private func isSubscribed(
        _ jid: JID,
        to record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        for address in Set([jid, jid.bare]) {
            let subscription = try transaction.subscription(of: address, to: record.id)
            if subscription?.state == .subscribed { return true }
        }
        return false
    }
}

extension PubSubAffiliation {
    /// Whether a hidden node is there for whoever has it.
    fileprivate var opensHidden: Bool {
        switch self {
        case .owner, .publisher, .member: true
        case .publishOnly, .outcast, .none: false
        }
    }
}

/// How much somebody may publish at a node.
enum PublishingRight {
    case none
    /// An item of somebody else's may not be overwritten, unless one is a publisher: the XEP
    /// (§7.1.3) has no such limit, but would let any stranger replace all at an open node.
    case ownItems
    case allItems
}
