public import Component
import Logging
import XML
import XMPP

/// The proof that the server has read all that was written before (XEP-0199 §4.2).
struct Barrier: Sendable {
    let domain: JID
    let target: JID
    let timeout: Duration
    let logger: Logger

    /// Returns when the server has answered, be it with a result or an error.
    ///
    /// Silence proves nothing, so it asks again and again; that a stream is dead is for the stream
    /// to find out.
    func pass(on stream: any StanzaStream) async throws {
        while true {
            do {
                _ = try await stream.request(ping, timeout: timeout)
                return
            } catch .timedOut {
                logger.warning(
                    """
                    The server does not answer pings, so the delivery waits. Check that \
                    component.server_domain is the server's own.
                    """,
                    metadata: ["server": "\(target)", "waited": "\(timeout)"]
                )
            } catch .streamClosed(let end) {
                throw StreamClosed(end: end)
            }
        }
    }

    /// Whether the server has answered within the time it has.
    func isPassed(on stream: any StanzaStream) async -> Bool {
        (try? await stream.request(ping, timeout: timeout)) != nil
    }

    private var ping: IQ {
        IQ(.get, id: "", from: domain, to: target, payload: Element("ping", in: .ping))
    }
}

extension Dispatcher {
    /// Whether the server says, within the time a barrier has, that it has read all that was written
    /// before.
    public func hasBeenRead(on stream: any StanzaStream) async -> Bool {
        await barrier.isPassed(on: stream)
    }
}
