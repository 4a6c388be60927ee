import XML
public import XMPP

/// Deletes items of a node (XEP-0060 §7.2).
public struct RetractRequest: Hashable, Sendable {
    public var node: NodeID
    /// One at least.
    public var ids: [ItemID]
    /// Whether subscribers are to be told (§7.2.2.1); nil leaves it to the node.
    public var notify: Bool?

    public init(node: NodeID, ids: [ItemID], notify: Bool? = nil) {
        self.node = node
        self.ids = ids
        self.notify = notify
    }
}

extension RetractRequest {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        ids = []
        for item in element.children("item") {
            guard let id = try item.itemID() else { throw .itemIDRequired }
            ids.append(id)
        }
        guard !ids.isEmpty else { throw .itemRequired }
        notify = element["notify"].map { $0 == "true" || $0 == "1" }
    }

    var element: Element {
        Element("retract", ["node": node.rawValue, "notify": notify.map { String($0) }]) {
            for id in ids {
                Element("item", ["id": id.rawValue])
            }
        }
    }
}
