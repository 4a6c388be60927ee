import XML
public import XMPP

/// An owner's changes to the subscriptions of a node (XEP-0060 §8.8.2).
public struct SubscriberChanges: Hashable, Sendable {
    public var node: NodeID
    /// An entry that says nothing changes nothing (§8.8.2), and is none.
    public var changes: [PubSubSubscription]

    public init(node: NodeID, changes: [PubSubSubscription]) {
        self.node = node
        self.changes = changes
    }
}

extension SubscriberChanges {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        changes = []
        for child in element.children("subscription") where child["subscription"] != nil {
            changes.append(try PubSubSubscription(child))
        }
    }

    var element: Element {
        Element("subscriptions", ["node": node.rawValue]) { changes.map(\.element) }
    }
}
