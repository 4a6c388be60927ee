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
        switch try transaction.affiliation(of: person, with: record.id) {
        case .owner, .publisher, .member: return true
        case .publishOnly, .outcast, .none: return false
        }
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
        switch try transaction.affiliation(of: reader, with: record.id) {
        case .outcast, .publishOnly: throw PubSubError.outcast(name)
        case .owner, .publisher, .member: return (record, .subscribed)
        case .none:
            switch record.configuration.accessModel {
            case .open: return (record, .subscribed)
            case .authorize: return (record, .pending)
            case .presence:
                guard try transaction.hasContact(reader) else {
                    throw PubSubError.contactsOnly(name, service: domain)
                }
                return (record, .subscribed)
            case .whitelist, .roster: throw PubSubError.closedNode(name)
            }
        }
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

/// How much somebody may publish at a node.
enum PublishingRight {
    case none
    /// An item of somebody else's may not be overwritten, unless one is a publisher: the XEP
    /// (§7.1.3) has no such limit, but would let any stranger replace all at an open node.
    case ownItems
    case allItems
}
