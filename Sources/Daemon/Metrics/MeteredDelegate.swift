import Component
import Metrics

/// Counts what comes and goes, and leaves all else to whom it stands before.
struct MeteredDelegate: StanzaStreamDelegate {
    let delegate: any StanzaStreamDelegate
    let metrics: ServiceMetrics

    nonisolated(nonsending) func streamOpened(_ stream: any StanzaStream) async {
        metrics.streamsOpened.increment()
        await delegate.streamOpened(MeteredStream(stream: stream, metrics: metrics))
    }

    func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch {
        metrics.received(batch)
        let sifted = delegate.sift(batch, isFull: isFull)
        metrics.stanzasSent.increment(by: sifted.refusals.count)
        return sifted
    }

    nonisolated(nonsending) func received(_ batch: [Inbound], on stream: any StanzaStream) async {
        await delegate.received(batch, on: MeteredStream(stream: stream, metrics: metrics))
    }

    nonisolated(nonsending) func streamEnded(_ end: StreamEnd) async {
        await delegate.streamEnded(end)
    }

    func notOpened(reason: String) async {
        metrics.connectFailures.increment()
        await delegate.notOpened(reason: reason)
    }
}
