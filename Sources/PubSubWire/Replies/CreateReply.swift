public import XML
public import XMPP

/// The name of the node that was created (XEP-0060 §8.1.1).
public struct CreateReply: Hashable, Sendable {
    public var node: NodeID

    public init(node: NodeID) {
        self.node = node
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let create = element.child("create") else {
            return nil
        }
        node = try create.node()
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) { Element("create", ["node": node.rawValue]) }
    }
}
