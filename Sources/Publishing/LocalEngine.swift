public import PubSub
public import Storage
public import XMPP

/// Publishes at our own PubSub service.
public struct LocalEngine: PublishingEngine {
    private let service: PubSubService

    public init(service: PubSubService) {
        self.service = service
    }

    public func publish(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int {
        try service.publish(item, to: node, note: note, in: transaction).recipients
    }

    public func announce(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int {
        try service.sendPlainCopies(of: item, to: node, note: note, in: transaction).recipients
    }

    public func draft(
        _ item: PublishedItem,
        at node: NodeDefinition,
        for person: JID,
        in transaction: borrowing Transaction
    ) throws {
        let record = try service.ensureNode(node, in: transaction)
        try service.admit(person, to: record, in: transaction)
        _ = try service.publish(item, to: node.id, in: transaction)
    }

    public func endDraft(
        _ item: ItemID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws {
        try service.endDraft(item, at: node, in: transaction)
    }

    public func retract(
        _ notice: PublishedItem,
        from node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> Int {
        do {
            let started = try service.retract(
                notice.id,
                from: node,
                notice: notice,
                in: transaction
            )
            return started?.recipients ?? 0
        } catch PubSubError.itemNotFound {
            // Somebody deleted it by PubSub, and its readers were told then.
            return 0
        }
    }
}
