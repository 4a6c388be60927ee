import XML
public import XMPP

/// A node whose configuration has changed (XEP-0060 §8.2.5.3).
public struct ConfigurationEvent: Hashable, Sendable {
    public var node: NodeID
    /// Nil where the node delivers no payloads.
    public var form: DataForm?

    public init(node: NodeID, form: DataForm? = nil) {
        self.node = node
        self.form = form
    }
}

extension ConfigurationEvent {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        form = element.form
    }

    var element: Element {
        Element("configuration", ["node": node.rawValue]) { form?.element }
    }
}
