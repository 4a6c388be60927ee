import Foundation
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
    var line: String {
        let progress = "\(sent) of \(Wording.readers(total)) of \(node) have it"
        let verb =
            switch state {
            case .waiting: "Waiting"
            case .running: "On its way"
            case .held: "Held"
            case .finished: "Delivered"
            case .cancelled: "Cancelled"
            }
        return "\(verb): " + ([progress] + speed + trouble).joined(separator: ", ") + "."
    }

    private var speed: [String] {
        guard state == .running, let rate, rate > 0 else { return [] }
        let number = rate < 10 ? String(format: "%.1f", rate) : "\(Int(rate.rounded()))"
        return ["\(number) a second", "\(Wording.span(Double(total - sent) / rate)) left"]
    }

    private var trouble: [String] {
        let failed = failures.reduce(0) { $0 + $1.readers }
        let kinds = failures.map { "\($0.readers) \($0.condition.rawValue)" }
        return [
            failed > 0 ? "\(failed) failed (\(kinds.joined(separator: ", ")))" : nil,
            retries > 0 ? "\(Wording.readers(retries)) tried again later" : nil,
        ].compactMap { $0 }
    }
}

extension WorkflowBook {
    /// How long back is looked for the rate.
    private static let lately: TimeInterval = 60

    /// The newest delivery of an issue to each node of its newsletter.
    func deliveries(of key: IssueKey) async throws -> [DeliveryProgress] {
        guard let item = ItemID(rawValue: key.issue) else { return [] }
        let since = now().addingTimeInterval(-Self.lately)
        return try await store.read { transaction in
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
