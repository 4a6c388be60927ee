import XML
public import XMPP

/// Creates a node (XEP-0060 §8.1), configured at once perhaps (§8.1.3).
public struct CreateRequest: Hashable, Sendable {
    /// Nil asks the service for a name: an instant node (§8.1.1).
    public var node: NodeID?
    /// The filled-in form `pubsub#node_config`.
    public var configuration: DataForm?

    public init(node: NodeID?, configuration: DataForm? = nil) {
        self.node = node
        self.configuration = configuration
    }
}

extension CreateRequest {
    /// Reads the `<create/>` and the `<configure/>` beside it.
    init(_ element: Element, configure: Element?) throws(PubSubReadingError) {
        guard configure?["node"] == nil else { throw .nodeInConfigure }
        node = try element.optionalNode()
        configuration = configure?.form
    }

    @ElementBuilder var elements: [Element.Node] {
        Element("create", ["node": node?.rawValue])
        if let configuration { Element("configure") { configuration.element } }
    }
}
