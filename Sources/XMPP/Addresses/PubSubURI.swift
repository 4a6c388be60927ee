/// The address of a node, or of an item in it, as clients open it (XEP-0060 §12.21, §12.22).
public struct PubSubURI: Hashable, Sendable, CustomStringConvertible {
    public let service: JID
    public let node: NodeID
    public let item: ItemID?

    public init(_ service: JID, node: NodeID, item: ItemID? = nil) {
        self.service = service
        self.node = node
        self.item = item
    }

    public var description: String {
        let item = item.map { ";item=\(Self.encoded($0.rawValue))" } ?? ""
        return "xmpp:\(service)?;node=\(Self.encoded(node.rawValue))\(item)"
    }

    /// The address at which a client subscribes to the node (XEP-0060 §12.22, XEP-0147).
    public var subscribing: String {
        "xmpp:\(service)?pubsub;action=subscribe;node=\(node.rawValue.percentEncoded())"
    }

    /// The address at which a client ends its subscription to the node (XEP-0060 §15.7, XEP-0147).
    public var unsubscribing: String {
        "xmpp:\(service)?pubsub;action=unsubscribe;node=\(node.rawValue.percentEncoded())"
    }

    private static func encoded(_ name: String) -> String {
        name.percentEncoded(except: "/")
    }
}
