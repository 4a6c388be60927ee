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
        in transaction: borrowing Transaction
    ) throws -> Int {
        try service.publish(item, to: node, in: transaction).recipients
    }

    public func announce(
        _ item: PublishedItem,
        to node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> Int {
        try service.sendPlainCopies(of: item, to: node, in: transaction).recipients
    }
}
