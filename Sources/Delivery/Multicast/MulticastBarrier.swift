import Component
import XMPP

/// The proof that a multicast service has sent on all that was handed to it before.
///
/// The server answers a ping when hardly any of it is sent, so the service itself is asked: it does one
/// thing after the other, as far as is known (ejabberd's does).
struct MulticastBarrier: Sendable {
    enum Outcome: Hashable, Sendable {
        case sent
        /// It may have sent some of it, or nothing.
        case unknown(MulticastEnd)
    }

    let service: JID
    /// The server's own, which tells whether it is the service alone that is silent.
    let barrier: Barrier

    /// Returns when the service has answered, or will not any more.
    ///
    /// Only a result proves anything: an error is the server's, in the name of a service that is gone.
    /// An answer that is lost was lost with all that the service had not yet sent.
    func pass(on stream: any StanzaStream) async throws -> Outcome {
        let question = IQ(
            .get,
            id: "",
            from: barrier.domain,
            to: service,
            payload: MulticastSearch.question
        )
        do {
            let answer = try await stream.request(question, timeout: barrier.timeout)
            guard answer.type == .result, let payload = answer.payload,
                DiscoInfo(payload).features.contains(.address)
            else { return .unknown(.gone) }
            return .sent
        } catch .timedOut {
            try await barrier.pass(on: stream)
            return .unknown(.silent)
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }
}
