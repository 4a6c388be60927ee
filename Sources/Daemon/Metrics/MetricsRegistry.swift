import Metrics
import Synchronization

/// Makes what swift-metrics' counters and timers work with, and reads all of them.
///
/// Asked twice for the same series it hands out the same instrument.
final class MetricsRegistry: MetricsFactory {
    private struct Series: Hashable {
        let name: String
        let labels: [MetricLabel]

        init(_ name: String, _ dimensions: [(String, String)]) {
            self.name = name
            labels = dimensions.map { MetricLabel($0, $1) }
        }
    }

    private struct Instruments {
        var counters: [Series: AtomicCounter] = [:]
        var times: [Series: TimeHistogram] = [:]
    }

    private static let families = Dictionary(
        uniqueKeysWithValues: MetricFamily.all.map { ($0.name, $0) }
    )
    private let instruments = Mutex(Instruments())

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        instruments.withLock { instruments in
            Self.instrument(Series(label, dimensions), in: &instruments.counters) {
                AtomicCounter()
            }
        }
    }

    /// Nothing of ours records values: what goes up and down is looked up when somebody asks.
    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        var bounds: [Double] = []
        if case .histogram(let own) = Self.families[label]?.kind { bounds = own }
        return instruments.withLock { instruments in
            Self.instrument(Series(label, dimensions), in: &instruments.times) {
                TimeHistogram(bounds: bounds)
            }
        }
    }

    // What is counted once is counted as long as the process lives.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// What all instruments say now; only metrics that ``MetricFamily/all`` knows.
    var samples: [MetricSample] {
        let instruments = instruments.withLock { $0 }
        return Self.samples(instruments.counters) { .number(Double($0.value)) }
            + Self.samples(instruments.times) { $0.distribution }
    }

    private static func instrument<Instrument>(
        _ series: Series,
        in known: inout [Series: Instrument],
        make: () -> Instrument
    ) -> Instrument {
        if let instrument = known[series] { return instrument }
        let instrument = make()
        known[series] = instrument
        return instrument
    }

    private static func samples<Instrument>(
        _ known: [Series: Instrument],
        _ value: (Instrument) -> MetricSample.Value
    ) -> [MetricSample] {
        known.compactMap { series, instrument in
            families[series.name].map { MetricSample($0, value(instrument), series.labels) }
        }
    }
}
