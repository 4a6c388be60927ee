import Component
import Foundation
import XML
import XMPP

/// Asks a server since when it runs (XEP-0012 §4).
///
/// A server that already ran when it acknowledged something has not lost it since.
struct ServerAge: Sendable {
    let domain: JID
    let target: JID
    let timeout: Duration

    /// A server counts whole seconds, and its clock may be a little off.
    private static let slack: TimeInterval = 2

    /// For how many seconds it has been running at least; nil if it does not tell.
    func ask(on stream: any StanzaStream) async throws -> TimeInterval? {
        let query = Element("query", in: .lastActivity)
        let request = IQ(.get, id: "", from: domain, to: target, payload: query)
        do {
            let answer = try await stream.request(request, timeout: timeout)
            guard answer.type == .result, let payload = answer.payload,
                payload.isNamed("query", in: .lastActivity),
                let seconds = payload["seconds"].flatMap(TimeInterval.init), seconds >= 0
            else { return nil }
            return seconds - Self.slack
        } catch .timedOut {
            return nil
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }
}
