public import XML
public import XMPP

/// The options that a new subscription has (XEP-0060 §6.4.2).
public struct DefaultOptionsReply: Hashable, Sendable {
    /// Nil for those of the service.
    public var node: NodeID?
    public var form: DataForm

    public init(node: NodeID?, form: DataForm) {
        self.node = node
        self.form = form
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let defaults = element.child("default") else {
            return nil
        }
        node = try defaults.optionalNode()
        form = try defaults.requiredForm()
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("default", ["node": node?.rawValue]) { form.element }
        }
    }
}
