import Delivery
import Newsroom
import Storage

/// Brings the newsroom's orders to the deliveries under way.
struct DeliveryOrders: RunningDeliveries {
    let store: Store
    let dispatcher: Dispatcher

    func underWay() async throws -> [RunningDelivery] {
        try await store.read { transaction in
            let (running, postponed) = (
                try transaction.unfinishedPublicFanOuts(), try transaction.postponedPublicFanOuts()
            )
            return try (running + postponed).compactMap { fanOut in
                guard let node = try transaction.node(fanOut.node) else { return nil }
                return RunningDelivery(
                    number: fanOut.id.rawValue,
                    item: fanOut.item.rawValue,
                    node: node.name,
                    sent: fanOut.sent,
                    total: fanOut.total + (try transaction.postponedCount(of: fanOut.id)),
                    isHeld: fanOut.state == .held
                )
            }
        }
    }

    func carryOut(_ order: DeliveryOrder, on delivery: RunningDelivery) async throws -> Bool {
        let id = FanOutRowID(rawValue: delivery.number)
        return switch order {
        case .hold: try await dispatcher.hold(id)
        case .resume: try await dispatcher.resume(id)
        case .cancel: try await dispatcher.cancel(id)
        }
    }
}
