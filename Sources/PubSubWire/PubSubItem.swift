public import XML
public import XMPP

/// An item as it travels: published, retrieved, or in an event.
public struct PubSubItem: Hashable, Sendable {
    /// Nil when the service is to invent one (XEP-0060 §7.1.2).
    public var id: ItemID?
    /// Who published it, as the service says.
    ///
    /// What a publisher writes here means nothing.
    public var publisher: JID?
    /// Nil in an event of a node that delivers no payloads.
    public var payload: Element?

    public init(id: ItemID?, publisher: JID? = nil, payload: Element? = nil) {
        self.id = id
        self.publisher = publisher
        self.payload = payload
    }
}

extension PubSubItem {
    public init(_ element: Element) throws(PubSubReadingError) {
        let payloads = Array(element.elements)
        guard payloads.count <= 1 else { throw .severalPayloads }
        id = try element.itemID()
        publisher = element["publisher"].flatMap { try? JID($0) }
        payload = payloads.first
    }

    /// The `<item/>`, in the namespace of the element it is put in.
    public var element: Element {
        Element("item", ["id": id?.rawValue, "publisher": publisher?.description]) { payload }
    }

    static func list(in element: Element) throws(PubSubReadingError) -> [PubSubItem] {
        var items: [PubSubItem] = []
        for child in element.children("item") {
            items.append(try PubSubItem(child))
        }
        return items
    }
}
