public import XML
public import XMPP

/// A subscription as it travels: `<subscription/>` (XEP-0060 §6.1.2, §5.6, §8.8).
public struct PubSubSubscription: Hashable, Sendable {
    /// Nil where the list it stands in names the node.
    public var node: NodeID?
    public var jid: JID
    public var state: SubscriptionState
    /// Tells apart the subscriptions of one address, where a service allows several.
    public var subID: String?
    /// Whether there are options to set: `<subscribe-options/>` (§6.3.1).
    public var hasOptions: Bool

    public init(
        node: NodeID?,
        jid: JID,
        state: SubscriptionState,
        subID: String? = nil,
        hasOptions: Bool = false
    ) {
        self.node = node
        self.jid = jid
        self.state = state
        self.subID = subID
        self.hasOptions = hasOptions
    }
}

extension PubSubSubscription {
    public init(_ element: Element) throws(PubSubReadingError) {
        node = try element.optionalNode()
        jid = try element.jid()
        state = try element.state()
        subID = element["subid"]
        hasOptions = element.child("subscribe-options") != nil
    }

    /// The `<subscription/>`, in the namespace of the element it is put in.
    public var element: Element {
        Element(
            "subscription",
            [
                "node": node?.rawValue, "jid": jid.description, "subid": subID,
                "subscription": state.rawValue,
            ]
        ) {
            if hasOptions { Element("subscribe-options") }
        }
    }

    static func list(in element: Element) throws(PubSubReadingError) -> [PubSubSubscription] {
        var list: [PubSubSubscription] = []
        for child in element.children("subscription") {
            list.append(try PubSubSubscription(child))
        }
        return list
    }
}
