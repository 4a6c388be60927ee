public import XMPP

/// A delivery under way, or one that somebody gets later, as the commands name it.
public struct RunningDelivery: Hashable, Sendable {
    public let number: Int64
    /// The id, which is the item's.
    public let item: String
    public let node: NodeID
    public let sent: Int
    public let total: Int
    public let isHeld: Bool

    public init(
        number: Int64,
        item: String,
        node: NodeID,
        sent: Int,
        total: Int,
        isHeld: Bool
    ) {
        self.number = number
        self.item = item
        self.node = node
        self.sent = sent
        self.total = total
        self.isHeld = isHeld
    }
}

/// What can be done to a delivery under way.
public enum DeliveryOrder: String, Sendable, CaseIterable {
    case hold, resume, cancel
}

/// Who knows the deliveries under way and gives them orders.
public protocol RunningDeliveries: Sendable {
    /// All of them, those first that are written at the moment.
    func underWay() async throws -> [RunningDelivery]

    /// Carries out the order, and tells whether the delivery was still under way.
    func carryOut(_ order: DeliveryOrder, on delivery: RunningDelivery) async throws -> Bool
}
