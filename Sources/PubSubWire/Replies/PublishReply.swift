public import XML
public import XMPP

/// What was published, with the ids the service gave (XEP-0060 §7.1.2).
public struct PublishReply: Hashable, Sendable {
    public var node: NodeID
    public var ids: [ItemID]

    public init(node: NodeID, ids: [ItemID]) {
        self.node = node
        self.ids = ids
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let publish = element.child("publish") else {
            return nil
        }
        node = try publish.node()
        ids = []
        for item in publish.children("item") {
            if let id = try item.itemID() { ids.append(id) }
        }
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("publish", ["node": node.rawValue]) {
                for id in ids {
                    Element("item", ["id": id.rawValue])
                }
            }
        }
    }
}
