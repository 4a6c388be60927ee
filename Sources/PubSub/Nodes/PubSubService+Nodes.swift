import Foundation
import PubSubWire
public import Storage
public import XMPP

/// The nodes that the configuration makes.
extension PubSubService {
    /// Makes the node be as defined, created now if it is new; items and readers stay.
    ///
    /// - Throws: ``PubSubError/nodeOfAnother(_:creator:)`` if somebody has made it over the wire: it has
    ///   owners, who could say whatever they like in it.
    @discardableResult
    public func ensureNode(
        _ definition: NodeDefinition,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        var configuration = NodeConfiguration(
            title: definition.title,
            description: definition.description,
            language: definition.language,
            type: definition.type
        )
        configuration.eventPayload = definition.eventPayload
        configuration.accessModel = definition.isHidden ? .whitelist : .open
        let wanted = NewNode(
            name: definition.id,
            newsletter: definition.newsletter,
            isHidden: definition.isHidden,
            configuration: configuration,
            createdAt: now()
        )
        if let created = try transaction.createNode(wanted) { return created }
        guard var record = try transaction.node(named: definition.id) else {
            throw PubSubError.nodeNotFound(definition.id)
        }
        if let creator = record.node.creator {
            throw PubSubError.nodeOfAnother(record.name, creator: creator)
        }
        let before = record.node
        record.node.newsletter = wanted.newsletter
        record.node.isHidden = wanted.isHidden
        record.node.configuration = wanted.configuration
        if record.node != before { try transaction.updateNode(record) }
        return record
    }

    /// Opens one of these nodes to a person whom it would not let in, or would look missing to.
    public func admit(
        _ person: JID,
        to node: NodeRecord,
        in transaction: borrowing Transaction
    ) throws {
        guard try transaction.affiliation(of: person, with: node.id) == .none else { return }
        try transaction.setAffiliation(.member, of: person, with: node.id)
    }

    /// Takes an item out of a hidden node; with the last one goes the node, and with it the right of
    /// those whom it was opened to.
    ///
    /// Whoever is subscribed is told, so that clients drop it too. Nothing happens if it is not there.
    public func endDraft(
        _ item: ItemID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws {
        guard let record = try transaction.node(named: node), record.node.isHidden,
            try transaction.item(item, of: record.id) != nil
        else { return }
        guard try transaction.itemCount(of: record.id) == 1 else {
            _ = try retract(item, from: node, in: transaction)
            return
        }
        try transaction.deleteNode(record.id, at: now())
        let event = PubSubEvent.deletion(DeletionEvent(node: node, redirect: nil))
        _ = try announce(event, "deleted", of: record, in: transaction)
    }
}
