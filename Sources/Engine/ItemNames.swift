public import XMPP

/// The ids that a service tells of a node's items.
public struct ItemNames: Hashable, Sendable {
    /// In the service's order, each once.
    public let ids: [ItemID]
    public let extent: ListExtent

    /// - Parameters:
    ///   - ids: each once.
    ///   - others: how many entries name no item, or one that was named before.
    ///   - count: how many entries there are, as the service says.
    init(_ ids: [ItemID], others: Int, count: Int?) {
        self.ids = ids
        extent = others > 0 ? .part : ListExtent(of: ids.count, counted: count)
    }
}

/// How much of a list somebody else's service gives.
public enum ListExtent: Hashable, Sendable {
    /// As many as it says there are.
    case whole
    /// It does not say how many there are.
    case uncounted
    /// Not all that it says there are, or some that are unusable.
    case part

    public init(of number: Int, counted count: Int?) {
        self = count.map { $0 == number ? .whole : .part } ?? .uncounted
    }
}
