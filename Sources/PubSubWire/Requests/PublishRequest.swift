import XML
public import XMPP

/// Publishes items at a node (XEP-0060 §7.1), all or none.
public struct PublishRequest: Hashable, Sendable {
    public var node: NodeID
    /// Empty for the bare notification of a transient node (§7.1.3.7).
    public var items: [PubSubItem]
    /// What must hold for the node (§7.1.5).
    public var options: DataForm?

    public init(node: NodeID, items: [PubSubItem], options: DataForm? = nil) {
        self.node = node
        self.items = items
        self.options = options
    }
}

extension PublishRequest {
    /// Reads the `<publish/>` and the `<publish-options/>` beside it.
    init(_ element: Element, options: Element?) throws(PubSubReadingError) {
        node = try element.node()
        items = try PubSubItem.list(in: element)
        self.options = options?.form
    }

    @ElementBuilder var elements: [Element.Node] {
        Element("publish", ["node": node.rawValue]) { items.map(\.element) }
        if let options { Element("publish-options") { options.element } }
    }
}
