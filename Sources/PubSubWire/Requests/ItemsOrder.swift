import XML

/// The order in which items are wanted (XEP-0413), ascending unless said.
public struct ItemsOrder: Hashable, Sendable {
    public enum Key: String, Sendable, CaseIterable {
        case creation, modification
    }

    public var key: Key
    public var isDescending: Bool

    public init(_ key: Key, isDescending: Bool = false) {
        self.key = key
        self.isDescending = isDescending
    }
}

extension ItemsOrder {
    init(_ element: Element) throws(PubSubReadingError) {
        let word = element["by"] ?? ""
        guard let key = Key(rawValue: word) else { throw .unknownOrder(word) }
        self.init(key, isDescending: element["desc"] == "true" || element["desc"] == "1")
    }

    var element: Element {
        Element("order", in: .orderBy, ["by": key.rawValue, "desc": isDescending ? "true" : nil])
    }
}
