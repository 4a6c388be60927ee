public import XML
public import XMPP

/// The sender's own affiliations (XEP-0060 §5.7).
public struct AffiliationsReply: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// Nil where the list names the node.
        public var node: NodeID?
        public var affiliation: PubSubAffiliation

        public init(node: NodeID?, affiliation: PubSubAffiliation) {
            self.node = node
            self.affiliation = affiliation
        }
    }

    /// The node that was asked about; nil for all.
    public var node: NodeID?
    public var entries: [Entry]

    public init(node: NodeID? = nil, entries: [Entry]) {
        self.node = node
        self.entries = entries
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let list = element.child("affiliations") else {
            return nil
        }
        node = try list.optionalNode()
        entries = []
        for child in list.children("affiliation") {
            entries.append(
                Entry(node: try child.optionalNode(), affiliation: try child.affiliation())
            )
        }
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element("affiliations", ["node": node?.rawValue]) {
                for entry in entries {
                    Element(
                        "affiliation",
                        [
                            "node": entry.node?.rawValue,
                            "affiliation": entry.affiliation.rawValue,
                        ]
                    )
                }
            }
        }
    }
}
