import Foundation
public import Storage
import XMPP

/// The nodes that the configuration makes.
extension PubSubService {
    /// Makes the node be as defined, created now if it is new; items and readers stay.
    @discardableResult
    public func ensureNode(
        _ definition: NodeDefinition,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        let wanted = NewNode(
            name: definition.id,
            newsletter: definition.newsletter,
            isHidden: definition.isHidden,
            configuration: NodeConfiguration(
                title: definition.title,
                description: definition.description,
                language: definition.language,
                type: definition.type
            ),
            createdAt: now()
        )
        if let created = try transaction.createNode(wanted) { return created }
        guard var record = try transaction.node(named: definition.id) else {
            throw PubSubError.nodeNotFound(definition.id)
        }
        let before = record.node
        record.node.newsletter = wanted.newsletter
        record.node.isHidden = wanted.isHidden
        record.node.configuration = wanted.configuration
        if record.node != before { try transaction.updateNode(record) }
        return record
    }
}
