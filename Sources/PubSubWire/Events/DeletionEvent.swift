import XML
public import XMPP

/// A node that was deleted (XEP-0060 §8.4.2).
public struct DeletionEvent: Hashable, Sendable {
    public var node: NodeID
    /// The `xmpp:` URI of the node that takes its place.
    public var redirect: String?

    public init(node: NodeID, redirect: String? = nil) {
        self.node = node
        self.redirect = redirect
    }
}

extension DeletionEvent {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        redirect = element.value(of: "uri", in: "redirect")
    }

    var element: Element {
        Element("delete", ["node": node.rawValue]) {
            if let redirect { Element("redirect", ["uri": redirect]) }
        }
    }
}
