public import Component
import Synchronization
import XMPP

/// What a multicast service has refused, from the moment in which that is read.
///
/// A lock rather than an actor: a refusal that was read before the answer to a barrier has to be known
/// before that answer is worth anything, and answers take a shorter way than messages.
public final class MulticastRefusals: Sendable {
    struct Refusal: Hashable, Sendable {
        let id: String
        let service: JID
        /// What the service says.
        let reason: String
        let condition: StanzaError.Condition
    }

    private struct State {
        var service: JID?
        var refusals: [Refusal] = []
        var listener: AsyncStream<Void>.Continuation?
    }

    /// All stand for the same few groups of readers.
    private static let most = 100_000

    private let state = Mutex(State())

    init() {}

    /// Whose refusals are noted; nil for nobody's.
    var service: JID? {
        get { state.withLock { $0.service } }
        set { state.withLock { $0.service = newValue } }
    }

    /// Whom each refusal wakes; nil for nobody.
    var listener: AsyncStream<Void>.Continuation? {
        get { state.withLock { $0.listener } }
        set { state.withLock { $0.listener = newValue } }
    }

    var isEmpty: Bool { state.withLock { $0.refusals.isEmpty } }

    /// Takes note if it is a refusal; to be called with all that arrives, as soon as it is read.
    public func note(_ inbound: Inbound) {
        guard let service else { return }
        switch inbound {
        case .stanza(.message(let message))
        where message.type == .error && message.from == service:
            note(message)
        // It has the whole stanza in it, with all addresses.
        case .oversized(let envelope, _)
        where envelope.name == "message" && envelope["type"] == "error":
            guard let message = try? Message(envelope), message.from == service else { return }
            note(message)
        default:
            break
        }
    }

    /// Takes note of an error that came from a service.
    func note(_ message: Message) {
        guard let id = message.id, let service = message.from, message.mayAnswerDelivery else {
            return
        }
        let error = message.error
        let words = [error?.condition.rawValue, error?.text].compactMap { $0 }
        let refusal = Refusal(
            id: id,
            service: service,
            reason: words.isEmpty ? "without a reason" : words.joined(separator: ", "),
            condition: error?.condition ?? .undefinedCondition
        )
        let listener = state.withLock { state in
            if state.refusals.count < Self.most { state.refusals.append(refusal) }
            return state.listener
        }
        listener?.yield()
    }

    /// Hands out what was noted, and forgets it.
    func takeAll() -> [Refusal] {
        state.withLock { state in
            defer { state.refusals = [] }
            return state.refusals
        }
    }
}
