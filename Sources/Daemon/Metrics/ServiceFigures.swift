import Delivery
import Foundation
import Newsroom
import Publishing
import Storage
import XMPP

/// What is looked at when somebody asks for the metrics, and costs nothing at other times.
struct ServiceFigures: Sendable {
    let link: StreamLink
    let rooms: [RoomService]
    let newsletters: [Newsletter]
    /// Where something is done for which newsletter, besides here.
    let engines: [String: Set<JID>]
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
        try subscriptions(transaction) + deliveries(transaction, at: now)
            + engines(transaction, at: now)
            + [MetricSample(.nodes, try transaction.listedNodeCount())]
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

    private func engines(_ transaction: Transaction, at now: Date) throws -> [MetricSample] {
        let figures = try transaction.engineFigures()
        return try engines.sorted { $0.key < $1.key }
            .flatMap { newsletter, services -> [MetricSample] in
                let all = figures.filter { $0.newsletter == newsletter }
                let own = all.filter { services.contains($0.service) }
                let label = MetricLabel("newsletter", newsletter)
                let states = EngineOperation.State.allCases.map { state in
                    MetricSample(
                        .engineOperations,
                        own.filter { $0.state == state }.reduce(0) { $0 + $1.count },
                        [label, MetricLabel("state", state.label)]
                    )
                }
                let former = all.filter { !services.contains($0.service) }
                let oldest = own.filter { $0.state != .refused }.map(\.since).min()
                let readers = try services.reduce(0) {
                    $0 + (try transaction.engineReadersWaiting(of: newsletter, at: $1))
                }
                return states + [
                    MetricSample(
                        .engineOperations,
                        former.reduce(0) { $0 + $1.count },
                        [label, MetricLabel("state", "former")]
                    ),
                    MetricSample(.engineReaders, readers, [label]),
                    MetricSample(
                        .engineLag,
                        oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0,
                        [label]
                    ),
                ]
            }
    }
}

extension EngineOperation.State {
    /// What metrics call it.
    fileprivate var label: String {
        switch self {
        case .waiting: "waiting"
        case .sent: "in-doubt"
        case .accepted: "unverified"
        case .refused: "refused"
        }
    }
}
