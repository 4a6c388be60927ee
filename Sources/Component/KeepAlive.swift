/// Whether the server is still there: listens, pings after silence, gives up after more silence.
///
/// Any sign of life counts, not only the answer to the ping.
struct KeepAlive {
    typealias Instant = ContinuousClock.Instant

    private enum State {
        /// Next: `pinged`, `paused`.
        case listening(until: Instant)
        /// Next: `listening`, `paused`, `dead`.
        case pinged(until: Instant)
        /// We don't read, so silence means nothing. Next: `listening`.
        case paused
        case dead
    }

    enum Order: Hashable {
        case wait, ping, giveUp
    }

    private let silence: Duration
    private let answer: Duration
    private var state: State

    init(silence: Duration, answer: Duration, now: Instant) {
        self.silence = silence
        self.answer = answer
        state = .listening(until: now + silence)
    }

    /// When `passed(to:)` has something to do next.
    var deadline: Instant? {
        switch state {
        case .listening(let deadline), .pinged(let deadline): deadline
        case .paused, .dead: nil
        }
    }

    mutating func heard(at now: Instant) {
        switch state {
        case .listening, .pinged: state = .listening(until: now + silence)
        case .paused, .dead: break
        }
    }

    /// We stop reading for a while, since our own side has too much to do.
    mutating func paused() {
        switch state {
        case .listening, .pinged: state = .paused
        case .paused, .dead: break
        }
    }

    mutating func resumed(at now: Instant) {
        switch state {
        case .paused: state = .listening(until: now + silence)
        case .listening, .pinged, .dead: break
        }
    }

    mutating func passed(to now: Instant) -> Order {
        switch state {
        case .listening(let deadline) where deadline <= now:
            state = .pinged(until: now + answer)
            return .ping
        case .pinged(let deadline) where deadline <= now:
            state = .dead
            return .giveUp
        case .listening, .pinged, .paused, .dead:
            return .wait
        }
    }
}
