import XML
public import XMPP

/// Items that were published (XEP-0060 §7.1.2), or retracted (§7.2.2.1), at a node.
public struct ItemsEvent: Hashable, Sendable {
    public var node: NodeID
    public var items: [PubSubItem]
    public var retracted: [ItemID]

    public init(node: NodeID, items: [PubSubItem] = [], retracted: [ItemID] = []) {
        self.node = node
        self.items = items
        self.retracted = retracted
    }
}

extension ItemsEvent {
    init(_ element: Element) throws(PubSubReadingError) {
        node = try element.node()
        items = try PubSubItem.list(in: element)
        retracted = []
        for item in element.children("retract") {
            if let id = try item.itemID() { retracted.append(id) }
        }
    }

    var element: Element {
        Element("items", ["node": node.rawValue]) {
            items.map(\.element)
            for id in retracted {
                Element("retract", ["id": id.rawValue])
            }
        }
    }
}
