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
            language: definition.language,
            title: definition.title,
            description: definition.description,
            type: definition.type,
            isHidden: definition.isHidden,
            createdAt: now()
        )
        if let created = try transaction.createNode(wanted) { return created }
        guard var record = try transaction.node(named: definition.id) else {
            throw PubSubError.nodeNotFound(definition.id)
        }
        let createdAt = record.node.createdAt
        let isSame = record.node == wanted.created(at: createdAt)
        record.node = wanted.created(at: createdAt)
        if !isSame { try transaction.updateNode(record) }
        return record
    }
}

extension NewNode {
    fileprivate func created(at date: Date) -> NewNode {
        var node = self
        node.createdAt = date
        return node
    }
}
