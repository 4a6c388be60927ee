import XML
public import XMPP

/// Asks for a node's configuration (XEP-0060 §8.2.1), or sets it (§8.2.4).
public struct ConfigureRequest: Hashable, Sendable {
    public var node: NodeID
    /// The filled-in form `pubsub#node_config`; nil asks for it.
    public var form: DataForm?

    public init(node: NodeID, form: DataForm? = nil) {
        self.node = node
        self.form = form
    }
}

extension ConfigureRequest {
    init(_ element: Element, isSet: Bool) throws(PubSubReadingError) {
        node = try element.node()
        form = isSet ? try element.requiredForm() : nil
    }

    var element: Element {
        Element("configure", ["node": node.rawValue]) { form?.element }
    }
}
