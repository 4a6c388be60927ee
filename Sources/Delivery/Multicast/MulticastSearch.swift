public import Component
public import XMPP
import XML

/// What came of looking for a multicast service.
public enum MulticastFinding: Hashable, Sendable {
    case there(MulticastService)
    case missing
    /// Somebody who may be it, or know it, did not answer in time.
    case unclear
}

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

    /// Looks at the server itself and among what it names.
    ///
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func find(on stream: any StanzaStream) async throws -> MulticastFinding {
        let answerOfServer = try await ask(server, on: stream)
        // Who is silent once would only be waited for again.
        guard case .missing = answerOfServer else { return answerOfServer }
        let query = DiscoItems(entries: []).element
        let payload: Element
        switch try await answer(from: server, query, on: stream) {
        case .silence: return .unclear
        case .answer(nil): return .missing
        case .answer(let items?): payload = items
        }
        let addresses = DiscoItems(payload).entries.filter { $0.node == nil }.map(\.jid)
        // Whoever else the server may name is not the server, and would read what is sent.
        let own = addresses.filter { $0 != domain && isBelowServer($0) }.prefix(Self.mostItems)
        return try await withThrowingTaskGroup(of: MulticastFinding.self) { group in
            for address in own {
                group.addTask { try await self.ask(address, on: stream) }
            }
            var found: [MulticastService] = []
            var isUnclear = false
            for try await finding in group {
                switch finding {
                case .there(let service): found.append(service)
                case .missing: break
                case .unclear: isUnclear = true
                }
            }
            let first = found.min { $0.address.description < $1.address.description }
            return first.map { .there($0) } ?? (isUnclear ? .unclear : .missing)
        }
    }

    /// What an address is as a multicast service.
    private func ask(
        _ address: JID,
        on stream: any StanzaStream
    ) async throws -> MulticastFinding {
        switch try await answer(from: address, Self.question, on: stream) {
        case .silence:
            .unclear
        case .answer(let payload):
            payload.flatMap { MulticastService(at: address, DiscoInfo($0)) }
                .map { .there($0) } ?? .missing
        }
    }

    private enum Reply {
        /// Nil for an error.
        case answer(Element?)
        case silence
    }

    static let question = DiscoInfo(identities: [], features: []).element

    private func answer(
        from address: JID,
        _ payload: Element,
        on stream: any StanzaStream
    ) async throws -> Reply {
        let request = IQ(.get, id: "", from: domain, to: address, payload: payload)
        do {
            let answer = try await stream.request(request, timeout: timeout)
            return .answer(answer.type == .result ? answer.payload : nil)
        } catch .timedOut {
            return .silence
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }

    private func isBelowServer(_ address: JID) -> Bool {
        address.localpart == nil && address.isBare
            && address.domainpart.hasSuffix("." + server.domainpart)
    }
}
