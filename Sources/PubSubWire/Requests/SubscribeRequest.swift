import XML
public import XMPP

/// Asks to be sent what is published at a node (XEP-0060 §6.1), with options perhaps (§6.3.7).
public struct SubscribeRequest: Hashable, Sendable {
    public var node: NodeID
    public var jid: JID
    /// The filled-in form `pubsub#subscribe_options`.
    public var options: DataForm?

    public init(node: NodeID, jid: JID, options: DataForm? = nil) {
        self.node = node
        self.jid = jid
        self.options = options
    }
}

extension SubscribeRequest {
    /// Reads the `<subscribe/>` and the `<options/>` beside it.
    init(_ element: Element, options: Element?) throws(PubSubReadingError) {
        node = try element.node()
        jid = try element.jid()
        self.options = options?.form
    }

    @ElementBuilder var elements: [Element.Node] {
        Element("subscribe", ["node": node.rawValue, "jid": jid.description])
        if let options { Element("options") { options.element } }
    }
}
