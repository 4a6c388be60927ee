public import XML
public import XMPP

/// The sender's own subscriptions (XEP-0060 §5.6).
public struct SubscriptionsReply: Hashable, Sendable {
    /// The node that was asked about; nil for all.
    public var node: NodeID?
    public var subscriptions: [PubSubSubscription]

    public init(node: NodeID? = nil, subscriptions: [PubSubSubscription]) {
        self.node = node
        self.subscriptions = subscriptions
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let list = element.child("subscriptions") else {
            return nil
        }
        node = try list.optionalNode()
        subscriptions = try PubSubSubscription.list(in: list)
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("subscriptions", ["node": node?.rawValue]) { subscriptions.map(\.element) }
        }
    }
}
