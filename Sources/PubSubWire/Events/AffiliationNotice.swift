public import XML
public import XMPP

/// What a message tells somebody whose affiliation an owner has changed (XEP-0060 §8.9.4).
///
/// It is in the namespace of requests, not of events.
public struct AffiliationNotice: Hashable, Sendable {
    public var node: NodeID
    public var change: AffiliationChanges.Change

    public init(node: NodeID, change: AffiliationChanges.Change) {
        self.node = node
        self.change = change
    }

    /// Reads the `<pubsub/>` of a message; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.isNamed("pubsub", in: .pubsub), let list = element.child("affiliations"),
            let child = list.child("affiliation")
        else { return nil }
        node = try list.node()
        change = AffiliationChanges.Change(try child.jid(), try child.affiliation())
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("affiliations", ["node": node.rawValue]) {
                Element(
                    "affiliation",
                    ["jid": change.jid.description, "affiliation": change.affiliation.rawValue]
                )
            }
        }
    }
}
