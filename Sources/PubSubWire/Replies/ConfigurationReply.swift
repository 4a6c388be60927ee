public import XML
public import XMPP

/// A node's configuration, or that of new nodes, as a form to change (XEP-0060 §8.2.2, §8.3.2).
public struct ConfigurationReply: Hashable, Sendable {
    /// Nil for the configuration of new nodes.
    public var node: NodeID?
    public var form: DataForm

    public init(node: NodeID?, form: DataForm) {
        self.node = node
        self.form = form
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsubOwner else { return nil }
        if let configure = element.child("configure") {
            node = try configure.node()
            form = try configure.requiredForm()
        } else if let defaults = element.child("default") {
            node = nil
            form = try defaults.requiredForm()
        } else {
            return nil
        }
    }

    public var element: Element {
        Element("pubsub", in: .pubsubOwner) {
            if let node {
                Element("configure", ["node": node.rawValue]) { form.element }
            } else {
                Element("default") { form.element }
            }
        }
    }
}
