import Component
import Metrics
import XMPP

/// A stream that counts what is written to it, and how long our requests wait for their answers.
struct MeteredStream: StanzaStream {
    let stream: any StanzaStream
    let metrics: ServiceMetrics

    var server: ServerAddress? { stream.server }
    var lastLife: ContinuousClock.Instant? { get async { await stream.lastLife } }

    nonisolated(nonsending) func send(_ stanza: Stanza) async throws(StreamClosed) {
        metrics.stanzasSent.increment()
        try await stream.send(stanza)
    }

    nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(StreamClosed) {
        metrics.bytesSent.increment(by: bytes.count)
        try await stream.write(bytes)
    }

    nonisolated(nonsending) func write(_ batch: StanzaBatch) async throws(StreamClosed) {
        metrics.bytesSent.increment(by: batch.count)
        try await stream.write(batch)
    }

    nonisolated(nonsending) func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure)
        -> IQ
    {
        metrics.stanzasSent.increment()
        let begin = ContinuousClock.now
        do throws(RequestFailure) {
            let answer = try await stream.request(iq, timeout: timeout)
            metrics.serverAnswerTime.record(duration: begin.duration(to: .now))
            return answer
        } catch {
            metrics.requestsUnanswered.increment()
            throw error
        }
    }
}
