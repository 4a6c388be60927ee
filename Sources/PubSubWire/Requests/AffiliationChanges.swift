import XML
public import XMPP

/// An owner's changes to the affiliations of a node (XEP-0060 §8.9.2).
public struct AffiliationChanges: Hashable, Sendable {
    public struct Change: Hashable, Sendable {
        public var jid: JID
        public var affiliation: PubSubAffiliation

        public init(_ jid: JID, _ affiliation: PubSubAffiliation) {
            self.jid = jid
            self.affiliation = affiliation
        }
    }

    public var node: NodeID
    /// No address occurs twice; an entry that says nothing changes nothing (§8.9.2), and is none.
    public var changes: [Change]

    public init(node: NodeID, changes: [Change]) {
        self.node = node
        self.changes = changes
    }
}

extension AffiliationChanges {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        changes = []
        var seen: Set<JID> = []
        for child in element.children("affiliation") {
            let jid = try child.jid()
            guard seen.insert(jid).inserted else { throw .duplicateAddress(jid) }
            guard child["affiliation"] != nil else { continue }
            changes.append(Change(jid, try child.affiliation()))
        }
    }

    var element: Element {
        Element("affiliations", ["node": node.rawValue]) {
            for change in changes {
                Element(
                    "affiliation",
                    ["jid": change.jid.description, "affiliation": change.affiliation.rawValue]
                )
            }
        }
    }
}
