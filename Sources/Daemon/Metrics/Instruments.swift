import Metrics
import Synchronization

/// Counts up; one atomic addition each time.
final class AtomicCounter: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        count.store(0, ordering: .relaxed)
    }
}

/// Counts times by how long they are.
///
/// A lock, since its numbers have to fit together; it is held for some nanoseconds.
final class TimeHistogram: TimerHandler {
    private struct State {
        /// By the first bound that is not exceeded; the last one is for all above.
        var counts: [UInt64]
        var sum: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: In seconds, ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let place = bounds.firstIndex { seconds <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += seconds
        }
    }

    /// As Prometheus wants it: each bound with all that is not above it.
    var distribution: MetricSample.Value {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        let upTo = counts.map { count in
            total += count
            return total
        }
        return .distribution(counts: Array(upTo.dropLast()), count: total, sum: sum)
    }
}
