import Foundation
import Storage

/// How a delivery went on, in few points, however long it takes.
struct DeliveryCurve: Hashable, Sendable {
    /// How many points there are at most, the last one not counted.
    static let most = 100

    /// In order; the last one is the latest that was added.
    var points: [DeliveryPoint] { kept + [latest].compactMap { $0 == kept.last ? nil : $0 } }

    private var kept: [DeliveryPoint] = []
    private var latest: DeliveryPoint?
    /// The least time between two points; it doubles whenever there are too many.
    private var interval: TimeInterval = 0.1

    mutating func add(_ point: DeliveryPoint) {
        latest = point
        if let last = kept.last, point.at.timeIntervalSince(last.at) < interval { return }
        kept.append(point)
        guard kept.count > Self.most else { return }
        interval *= 2
        kept = kept.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }
}
