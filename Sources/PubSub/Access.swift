import PubSubWire
import Storage
import XMPP

/// Who may see a node, read it, and change it.
extension PubSubService {
    /// The node as strangers see it: a hidden one looks missing.
    ///
    /// XEP-0060 would have a draft answered `forbidden`, which tells everybody that it exists.
    func visibleNode(
        _ name: NodeID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        guard let record = try transaction.node(named: name), !record.node.isHidden else {
            throw PubSubError.nodeNotFound(name)
        }
        return record
    }

    /// The node, if that person may subscribe to it and fetch its items (§6.1.3, §6.5.9).
    func readableNode(
        _ name: NodeID,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        let record = try visibleNode(name, in: transaction)
        switch try transaction.affiliation(of: reader, with: record.id) {
        case .outcast: throw PubSubError.outcast(name)
        case .owner, .publisher, .member: return record
        case .publishOnly, .none:
            guard record.node.accessModel == "open" else { throw PubSubError.closedNode(name) }
            return record
        }
    }

    /// Why an owner's request is not carried out: the nodes belong to the service.
    func refusal(
        of request: PubSubRequest,
        at name: NodeID,
        in transaction: borrowing Transaction
    ) throws -> PubSubError {
        let record = try visibleNode(name, in: transaction)
        return record.node.owner == nil ? .notOwner(name) : .unsupported(request.feature)
    }
}
