import Component
import Delivery
import Foundation
import Logging
import Metrics
import Storage
import Testing
import XMPP

@testable import Daemon

@Suite("What is counted")
struct MetricsRegistryTests {
    private let metrics = ServiceMetrics()

    private func value(_ family: MetricFamily, _ labels: MetricLabel...) -> Double? {
        for sample in metrics.registry.samples
        where sample.family == family && sample.labels == labels {
            switch sample.value {
            case .number(let number): return number
            case .distribution(_, let count, _): return Double(count)
            }
        }
        return nil
    }

    @Test("the same series is counted by one instrument, others by others")
    func sameSeries() {
        let registry = MetricsRegistry()
        for _ in 0..<2 {
            Counter(
                label: MetricFamily.deliveryErrors.name,
                dimensions: [("condition", "gone")],
                factory: registry
            ).increment()
        }
        Counter(
            label: MetricFamily.deliveryErrors.name,
            dimensions: [("condition", "conflict")],
            factory: registry
        ).increment(by: 5)
        let counts = registry.samples.map { "\($0.labels[0].value) \($0.value)" }.sorted()
        #expect(counts == ["conflict number(5.0)", "gone number(2.0)"])
    }

    @Test("a time is counted at each bound that is not below it")
    func times() {
        let histogram = TimeHistogram(bounds: [0.01, 0.1, 1])
        for milliseconds in [5, 10, 11, 500, 20_000] as [Int64] {
            histogram.recordNanoseconds(milliseconds * 1_000_000)
        }
        guard case .distribution(let counts, let count, let sum) = histogram.distribution else {
            Testing.Issue.record("no distribution")
            return
        }
        #expect(counts == [2, 3, 4])
        #expect(count == 5)
        #expect(abs(sum - 20.526) < 1e-9)
    }

    @Test("nothing is lost when many count at once")
    func atOnce() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { metrics.stanzasSent.increment() } }
            }
        }
        #expect(value(.stanzasSent) == 8_000)
    }

    @Test("each kind of stanza is counted by itself, before anybody is turned away")
    func received() async throws {
        let delegate = MeteredDelegate(delegate: Doorkeeper(), metrics: metrics)
        let iq = IQ(.get, id: "1", payload: nil)
        let presence = Presence()
        let batch: [Inbound] = [.stanza(.iq(iq)), .stanza(.presence(presence)), .stanza(.iq(iq))]
        #expect(delegate.sift(batch, isFull: false).admitted.isEmpty)
        #expect(value(.stanzasReceived, MetricLabel("kind", "iq")) == 2)
        #expect(value(.stanzasReceived, MetricLabel("kind", "presence")) == 1)
        #expect(value(.stanzasReceived, MetricLabel("kind", "message")) == 0)
        await delegate.notOpened(reason: "nobody there")
        #expect(value(.connectFailures) == 1)
    }

    @Test("bytes, stanzas and the time of answers are counted, and requests without answer")
    func stream() async throws {
        let stream = MeteredStream(stream: HalfDeafStream(), metrics: metrics)
        try await stream.write(Array("<message/>".utf8))
        try await stream.send(.presence(Presence()))
        _ = try await stream.request(IQ(.get, id: "answered", payload: nil))
        await #expect(throws: RequestFailure.self) {
            try await stream.request(IQ(.get, id: "lost", payload: nil))
        }
        #expect(value(.bytesSent) == 10)
        #expect(value(.stanzasSent) == 3)
        #expect(value(.serverAnswerTime) == 1)
        #expect(value(.requestsUnanswered) == 1)
    }

    @Test("entries of the log are counted from warnings on, and written as before")
    func log() {
        let logger = Logger(label: "test") { _ in
            CountingLogHandler(LineLogHandler { _ in }, count: metrics.logged)
        }
        logger.info("fine")
        logger.warning("hm")
        logger.error("no")
        logger.error("no")
        #expect(value(.logEntries, MetricLabel("level", "warning")) == 1)
        #expect(value(.logEntries, MetricLabel("level", "error")) == 2)
        #expect(value(.logEntries, MetricLabel("level", "info")) == nil)
    }
}

/// Lets nobody in.
private struct Doorkeeper: StanzaStreamDelegate {
    func streamOpened(_ stream: any StanzaStream) async {}
    func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch { SiftedBatch(admitted: []) }
    func received(_ batch: [Inbound], on stream: any StanzaStream) async {}
    func streamEnded(_ end: StreamEnd) async {}
}

/// Takes everything, and answers requests unless they are lost.
private struct HalfDeafStream: StanzaStream {
    func send(_ stanza: Stanza) async throws(StreamClosed) {}
    func write(_ bytes: [UInt8]) async throws(StreamClosed) {}

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        if iq.id == "lost" { throw .streamClosed(.closedByUs) }
        return iq
    }
}
