import XML
public import XMPP

/// Asks to be sent what is published at a node (XEP-0060 §6.1), with options perhaps (§6.3.7).
public struct SubscribeRequest: Hashable, Sendable {
    public var node: NodeID
    public var jid: JID
    /// The filled-in form `pubsub#subscribe_options`.
    public var options: DataForm?
    /// Whether everybody may know of it (XEP-0465).
    public var isPublic: Bool

    public init(node: NodeID, jid: JID, options: DataForm? = nil, isPublic: Bool = false) {
        self.node = node
        self.jid = jid
        self.options = options
        self.isPublic = isPublic
    }
}

extension SubscribeRequest {
    /// Reads the `<subscribe/>` and the `<options/>` beside it.
    init(_ element: Element, options: Element?) throws(PubSubReadingError) {
        guard options?["node"] == nil, options?["jid"] == nil else { throw .subscriberInOptions }
        node = try element.node()
        jid = try element.jid()
        self.options = options?.form
        isPublic = element.child("public", in: .publicSubscriptions) != nil
    }

    @ElementBuilder var elements: [Element.Node] {
        Element("subscribe", ["node": node.rawValue, "jid": jid.description]) {
            if isPublic { Element("public", in: .publicSubscriptions) }
        }
        if let options { Element("options") { options.element } }
    }
}
