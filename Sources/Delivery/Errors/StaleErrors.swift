import Synchronization
public import XMPP

/// Errors that said nothing new a moment ago, so that whoever sends one again and again makes us look only
/// now and then.
///
/// A lock rather than an actor: it is asked for each error, as soon as that is read.
public final class StaleErrors: Sendable {
    private struct Key: Hashable {
        let id: String?
        let sender: JID?
        let condition: StanzaError.Condition?
        let type: StanzaError.ErrorType?

        init(_ message: Message) {
            let error = message.error
            (id, sender) = (message.id, message.from)
            (condition, type) = (error?.condition, error?.type)
        }
    }

    private struct State {
        var young: [Key: ContinuousClock.Instant] = [:]
        var old: [Key: ContinuousClock.Instant] = [:]
    }

    /// For how long one is remembered at most.
    static let memory = Duration.seconds(10)
    /// How many are remembered at most.
    static let capacity = 10_000

    private let state = Mutex(State())

    init() {}

    /// How many are remembered.
    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    /// Whether the same was said a moment ago, and was nothing new.
    public func contain(_ message: Message, at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            guard !state.young.isEmpty || !state.old.isEmpty else { return false }
            let key = Key(message)
            return [state.young[key], state.old[key]].contains { $0.map { $0 > now } == true }
        }
    }

    /// Takes note of one, for so long at most: what is written again may come back again.
    func add(_ message: Message, for time: Duration, at now: ContinuousClock.Instant = .now) {
        guard time > .zero else { return }
        let key = Key(message)
        state.withLock { state in
            if state.young.count >= Self.capacity / 2 {
                state.old = state.young
                state.young = [:]
            }
            state.young[key] = now + min(time, Self.memory)
        }
    }
}
