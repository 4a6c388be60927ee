import Component
import Foundation
import XML
import XMPP

/// Asks a server for how long it has been running (XEP-0012 §4).
struct ServerAge: Sendable {
    let domain: JID
    let target: JID
    let timeout: Duration

    /// Its age in seconds; nil if it does not tell.
    func ask(on stream: any StanzaStream) async throws -> TimeInterval? {
        let query = Element("query", in: .lastActivity)
        let request = IQ(.get, id: "", from: domain, to: target, payload: query)
        do {
            let answer = try await stream.request(request, timeout: timeout)
            guard answer.type == .result, let payload = answer.payload,
                payload.isNamed("query", in: .lastActivity),
                let seconds = payload["seconds"].flatMap(UInt32.init)
            else { return nil }
            return TimeInterval(seconds)
        } catch .timedOut {
            return nil
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }
}
