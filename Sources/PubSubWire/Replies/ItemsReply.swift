public import XML
public import XMPP

/// Items that were asked for (XEP-0060 §6.5.2), and which part of the list they are (XEP-0059).
public struct ItemsReply: Hashable, Sendable {
    public var node: NodeID
    public var items: [PubSubItem]
    public var page: ResultSetPage?

    public init(node: NodeID, items: [PubSubItem], page: ResultSetPage? = nil) {
        self.node = node
        self.items = items
        self.page = page
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let list = element.child("items") else { return nil }
        node = try list.node()
        items = try PubSubItem.list(in: list)
        page = element.child("set", in: .resultSets).map(ResultSetPage.init)
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("items", ["node": node.rawValue]) { items.map(\.element) }
            page?.element
        }
    }
}
