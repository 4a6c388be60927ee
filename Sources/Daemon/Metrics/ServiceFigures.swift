import Delivery
import Foundation
import Newsroom
import Publishing
import Storage

/// What is looked at when somebody asks for the metrics, and costs nothing at other times.
struct ServiceFigures: Sendable {
    let link: StreamLink
    let rooms: [RoomService]
    let newsletters: [Newsletter]
    let store: Store

    /// What says how things stand; without what the database says if that can't be read.
    func samples() async -> [MetricSample] {
        var samples = [
            MetricSample(
                .buildInfo,
                1,
                [MetricLabel("version", BroadsheetService.version.version)]
            ),
            MetricSample(.streamUp, await link.stream == nil ? 0 : 1),
            MetricSample(.rooms, rooms.count),
            MetricSample(.roomsJoined, await rooms.joined),
            MetricSample(.databaseSize, databaseSize),
        ]
        samples += (try? await store.read { try stored($0, at: Date()) }) ?? []
        return samples + ProcessFigures.samples
    }

    private var databaseSize: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: store.path + suffix)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    private func stored(_ transaction: Transaction, at now: Date) throws -> [MetricSample] {
        try subscriptions(transaction) + deliveries(transaction, at: now) + [
            MetricSample(.nodes, try transaction.listedNodeCount())
        ]
    }

    /// Of our own nodes only: what others name theirs, and how many there are, is up to them.
    private func subscriptions(_ transaction: Transaction) throws -> [MetricSample] {
        try newsletters.flatMap(\.allFeeds).flatMap { feed -> [MetricSample] in
            guard let node = try transaction.node(named: feed.node) else { return [] }
            let labels = [MetricLabel("node", feed.node.rawValue)]
            return [
                MetricSample(
                    .subscriptions,
                    try transaction.subscriptionCount(of: node.id),
                    labels
                ),
                MetricSample(
                    .subscriptionsSuspended,
                    try transaction.suspendedCount(of: node.id),
                    labels
                ),
            ]
        }
    }

    private func deliveries(_ transaction: Transaction, at now: Date) throws -> [MetricSample] {
        let all = try transaction.unfinishedPublicFanOuts()
        let active = all.filter { $0.state != .held }
        let minuteAgo = try transaction.deliveryTime(at: now) - 60
        let rate = try active.reduce(0) {
            $0 + (try transaction.rate(of: $1.id, since: minuteAgo) ?? 0)
        }
        let oldest = active.map(\.createdAt).min()
        return [
            MetricSample(.deliveries, active.count, [MetricLabel("state", "under-way")]),
            MetricSample(.deliveries, all.count - active.count, [MetricLabel("state", "held")]),
            MetricSample(
                .readersRemaining,
                all.reduce(0) { $0 + max(0, $1.total - $1.sent) }
            ),
            MetricSample(.deliveryRate, rate),
            MetricSample(.deliveryLag, oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0),
        ]
    }
}
