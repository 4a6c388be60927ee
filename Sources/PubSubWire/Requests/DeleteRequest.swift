import XML
public import XMPP

/// Deletes a node (XEP-0060 §8.4).
public struct DeleteRequest: Hashable, Sendable {
    public var node: NodeID
    /// The URI of what takes its place: another node's, as a rule.
    public var redirect: String?

    public init(node: NodeID, redirect: String? = nil) {
        self.node = node
        self.redirect = redirect
    }
}

extension DeleteRequest {
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
