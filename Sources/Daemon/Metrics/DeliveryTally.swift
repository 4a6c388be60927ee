import Metrics
import Delivery
import Storage
import Synchronization

/// Counts the readers whom deliveries reach, by what is told of their progress.
final class DeliveryTally: Sendable {
    /// How many deliveries are remembered at least: one that has ended may be gone back into.
    private static let capacity = 500

    fileprivate struct State {
        /// How many of each delivery are counted, or had their copy from an earlier process.
        var counted: [FanOutRowID: Int] = [:]
        /// Those up to here may be forgotten.
        var forgotten = FanOutRowID(rawValue: 0)
    }

    private let metrics: ServiceMetrics
    private let state = Mutex(State())

    init(_ metrics: ServiceMetrics) {
        self.metrics = metrics
    }

    /// How many deliveries are remembered.
    var count: Int { state.withLock { $0.counted.count } }

    /// Begins with what an earlier process has left, which is not counted again.
    func begin(with fanOuts: [FanOutRecord]) {
        state.withLock { state in
            for fanOut in fanOuts { state.counted[fanOut.id] = fanOut.sent }
        }
    }

    func count(_ event: DeliveryEvent) {
        switch event {
        case .progress(let id, let sent, _):
            count(sent, of: id)
        case .finished(let report):
            count(report.fanOut.sent, of: report.fanOut.id)
            metrics.deliveryTime.record(duration: .seconds(report.seconds))
        case .stuck:
            break
        }
    }

    /// A delivery that goes back reaches its readers once more: they are counted again as well.
    private func count(_ sent: Int, of id: FanOutRowID) {
        let more = state.withLock { state in
            defer { state.counted[id] = sent }
            if let before = state.counted[id] { return sent - before }
            if state.counted.count >= 2 * Self.capacity { state.forgetOldest(Self.capacity) }
            // Of what was forgotten nobody knows how many are counted: the next ones are.
            return id <= state.forgotten ? 0 : sent
        }
        if more > 0 { metrics.readersReached.increment(by: more) }
    }
}

extension DeliveryTally.State {
    fileprivate mutating func forgetOldest(_ number: Int) {
        for id in counted.keys.sorted().prefix(number) {
            counted[id] = nil
            forgotten = max(forgotten, id)
        }
    }
}
