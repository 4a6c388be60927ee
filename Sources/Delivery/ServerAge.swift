public import Component
public import Foundation
import XML
public import XMPP

/// Asks a server for how long it has been running (XEP-0012 §4).
public struct ServerAge: Sendable {
    private let domain: JID
    private let target: JID
    private let timeout: Duration

    /// Whoever does not answer for so long does not tell.
    private static let patience = Duration.seconds(10)

    /// - Parameters:
    ///   - domain: who asks.
    ///   - target: the server's address.
    ///   - settings: those of the deliveries that wait for the answer.
    public init(domain: JID, target: JID, settings: DeliverySettings) {
        self.domain = domain
        self.target = target
        timeout = min(settings.barrierTimeout, Self.patience)
    }

    /// Its age in seconds; nil if it does not tell.
    ///
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func ask(on stream: any StanzaStream) async throws -> TimeInterval? {
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
