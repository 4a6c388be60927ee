import Delivery
import Foundation
import Localization
import Publishing
import Storage
import XMPP

/// How far a delivery of an issue is, or was when it ended.
struct DeliveryProgress: Hashable, Sendable {
    let node: NodeID
    let state: FanOutRecord.State
    let sent: Int
    let total: Int
    /// Messages a second, lately; nil while that can't be told.
    let rate: Double?
    let failures: [FailureCount]
    /// How many are tried again later.
    let retries: Int

    /// One line for people.
    func line(in texts: Texts) -> String {
        let progress = texts(
            "progress.sent",
            ["sent": sent, "readers": texts.readers(total), "node": node]
        )
        let verb =
            switch state {
            case .waiting: texts("progress.waiting")
            case .running: texts("progress.running")
            case .held: texts("progress.held")
            case .finished: texts("progress.finished")
            case .cancelled: texts("progress.cancelled")
            }
        let facts = [progress] + speed(texts) + trouble(texts)
        return "\(verb): \(facts.joined(separator: ", "))."
    }

    private func speed(_ texts: Texts) -> [String] {
        guard state == .running, let rate, rate > 0 else { return [] }
        let number = rate < 10 ? String(format: "%.1f", rate) : "\(Int(rate.rounded()))"
        let left = texts.span(Double(total - sent) / rate)
        return [
            texts("progress.rate", ["rate": number]), texts("progress.left", ["span": left]),
        ]
    }

    private func trouble(_ texts: Texts) -> [String] {
        let failed = failures.reduce(0) { $0 + $1.readers }
        let kinds = failures.map { "\($0.readers) \($0.condition.rawValue)" }
            .joined(separator: ", ")
        return [
            failed > 0 ? texts("progress.failed", ["count": failed, "kinds": kinds]) : nil,
            retries > 0 ? texts("progress.retries", count: retries) : nil,
        ].compactMap { $0 }
    }
}

extension WorkflowBook {
    /// How long back is looked for the rate.
    private static let lately: TimeInterval = 60

    /// The newest delivery of an issue to each node of its newsletter.
    func deliveries(of key: IssueKey) async throws -> [DeliveryProgress] {
        guard let item = ItemID(rawValue: key.issue) else { return [] }
        let date = now()
        return try await store.read { transaction in
            let since = try transaction.deliveryTime(at: date) - Self.lately
            let nodes = try transaction.nodes().filter { $0.node.newsletter == key.newsletter }
            return try nodes.compactMap { node in
                guard let fanOut = try transaction.newestFanOut(of: item, in: node.id) else {
                    return nil
                }
                return DeliveryProgress(
                    node: node.name,
                    state: fanOut.state,
                    sent: fanOut.sent,
                    total: fanOut.total,
                    rate: try transaction.rate(of: fanOut.id, since: since),
                    failures: try transaction.failures(of: fanOut.id),
                    retries: try transaction.exceptionCount(of: fanOut.id, kind: .retry)
                )
            }
        }
    }
}
