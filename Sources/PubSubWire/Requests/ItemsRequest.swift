import XML
public import XMPP

/// Asks for items of a node (XEP-0060 §6.5): all, the newest, some by name, or a page of them.
public struct ItemsRequest: Hashable, Sendable {
    public var node: NodeID
    /// How many of the newest (§6.5.7), from 1.
    public var maxItems: Int?
    /// The items asked for by name (§6.5.8); empty means no such choice.
    public var ids: [ItemID]
    public var subID: String?
    /// Which page (XEP-0059).
    public var page: ResultSetRequest?
    /// In which order (XEP-0413); nil leaves it to the service.
    public var order: ItemsOrder?

    public init(
        node: NodeID,
        maxItems: Int? = nil,
        ids: [ItemID] = [],
        subID: String? = nil,
        page: ResultSetRequest? = nil,
        order: ItemsOrder? = nil
    ) {
        self.node = node
        self.maxItems = maxItems
        self.ids = ids
        self.subID = subID
        self.page = page
        self.order = order
    }
}

extension ItemsRequest {
    /// Reads the `<items/>`, and the `<set/>` and `<order/>` beside it.
    init(_ element: Element, page: ResultSetRequest?, order: Element?) throws(PubSubReadingError) {
        node = try element.node()
        maxItems = try element["max_items"].map { (text) throws(PubSubReadingError) in
            guard let number = Int(text), number > 0 else {
                throw .badNumber(attribute: "max_items", value: text)
            }
            return number
        }
        ids = []
        for item in element.children("item") {
            guard let id = try item.itemID() else { throw .itemIDRequired }
            ids.append(id)
        }
        subID = element["subid"]
        self.page = page
        if let order { self.order = try ItemsOrder(order) }
    }

    @ElementBuilder var elements: [Element.Node] {
        Element(
            "items",
            ["node": node.rawValue, "subid": subID, "max_items": maxItems.map { String($0) }]
        ) {
            for id in ids {
                Element("item", ["id": id.rawValue])
            }
        }
        page?.element
        order?.element
    }
}
