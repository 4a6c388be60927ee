import Metrics
import Delivery
import Storage
import Synchronization

/// Counts the readers whom deliveries reach, by what is told of their progress.
final class DeliveryTally: Sendable {
    private let metrics: ServiceMetrics
    /// How many of each delivery under way are counted, or had their copy from an earlier process.
    private let counted = Mutex<[FanOutRowID: Int]>([:])

    init(_ metrics: ServiceMetrics) {
        self.metrics = metrics
    }

    /// Begins with what an earlier process has left, which is not counted again.
    func begin(with fanOuts: [FanOutRecord]) {
        counted.withLock { counted in
            for fanOut in fanOuts { counted[fanOut.id] = fanOut.sent }
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
        let more = counted.withLock { counted in
            defer { counted[id] = sent }
            return sent - counted[id, default: 0]
        }
        if more > 0 { metrics.readersReached.increment(by: more) }
    }
}
