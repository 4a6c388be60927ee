public import Component
public import XMPP
import XML

/// Looks for the server's multicast service (XEP-0033 §2).
public struct MulticastSearch: Sendable {
    private let domain: JID
    private let server: JID
    private let timeout: Duration

    /// Whoever does not answer for so long is no service to wait for.
    private static let patience = Duration.seconds(5)
    /// Of a server with more services than these the others are not asked.
    private static let mostItems = 50

    /// - Parameters:
    ///   - domain: who asks.
    ///   - server: the server's own domain.
    ///   - settings: those of the deliveries that wait for the answer.
    public init(domain: JID, server: JID, settings: DeliverySettings) {
        self.domain = domain
        self.server = server
        timeout = min(settings.barrierTimeout, Self.patience)
    }

    /// The service, at the server itself or among what it names; nil if there is none.
    ///
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func find(on stream: any StanzaStream) async throws -> MulticastService? {
        if let service = try await ask(server, on: stream) { return service }
        let query = DiscoItems(entries: []).element
        guard let payload = try await answer(from: server, query, on: stream) else { return nil }
        let addresses = DiscoItems(payload).entries.filter { $0.node == nil }.map(\.jid)
        // Whoever else the server may name is not the server, and would read what is sent.
        let own = addresses.filter { $0 != domain && isBelowServer($0) }.prefix(Self.mostItems)
        return try await withThrowingTaskGroup(of: MulticastService?.self) { group in
            for address in own {
                group.addTask { try await self.ask(address, on: stream) }
            }
            var found: [MulticastService] = []
            for try await service in group {
                if let service { found.append(service) }
            }
            return found.min { $0.address.description < $1.address.description }
        }
    }

    /// What an address is as a multicast service; nil if it is none, or is silent.
    ///
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func ask(
        _ address: JID,
        on stream: any StanzaStream
    ) async throws -> MulticastService? {
        try await answer(from: address, Self.question, on: stream).flatMap {
            MulticastService(at: address, DiscoInfo($0))
        }
    }

    static let question = DiscoInfo(identities: [], features: []).element

    private func answer(
        from address: JID,
        _ payload: Element,
        on stream: any StanzaStream
    ) async throws -> Element? {
        let request = IQ(.get, id: "", from: domain, to: address, payload: payload)
        do {
            let answer = try await stream.request(request, timeout: timeout)
            return answer.type == .result ? answer.payload : nil
        } catch .timedOut {
            return nil
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }

    private func isBelowServer(_ address: JID) -> Bool {
        address.localpart == nil && address.isBare
            && address.domainpart.hasSuffix("." + server.domainpart)
    }
}
