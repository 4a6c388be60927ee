import XML
public import XMPP

/// Ends a subscription (XEP-0060 §6.2).
public struct UnsubscribeRequest: Hashable, Sendable {
    public var node: NodeID
    public var jid: JID
    public var subID: String?

    public init(node: NodeID, jid: JID, subID: String? = nil) {
        self.node = node
        self.jid = jid
        self.subID = subID
    }
}

extension UnsubscribeRequest {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        jid = try element.jid()
        subID = element["subid"]
    }

    var element: Element {
        Element(
            "unsubscribe",
            ["node": node.rawValue, "jid": jid.description, "subid": subID]
        )
    }
}
