/// Whether the server is still there: listens, pings after silence, gives up after more silence.
///
/// Any sign of life counts against silence, not only the answer to the ping. But only an answer
/// shows that the server reads: one that talks without a pause is asked as well, and given up when
/// it does not answer for a long time.
struct KeepAlive {
    typealias Instant = ContinuousClock.Instant

    private enum State {
        /// Next: `pinged`, `paused`.
        case listening(until: Instant)
        /// Next: `listening`, `paused`, `dead`.
        case pinged(until: Instant)
        /// We don't read, so silence means nothing. Next: `listening`.
        case paused(since: Instant)
        case dead
    }

    /// What is known of the server's reading; its time stands still while we don't read.
    private enum Reading {
        /// Next: `asked`.
        case shown(until: Instant)
        /// Next: `shown`.
        case asked(until: Instant)

        var deadline: Instant {
            switch self {
            case .shown(let deadline), .asked(let deadline): deadline
            }
        }

        mutating func postpone(by pause: Duration) {
            switch self {
            case .shown(let deadline): self = .shown(until: deadline + pause)
            case .asked(let deadline): self = .asked(until: deadline + pause)
            }
        }
    }

    enum Order: Hashable {
        case wait, ping
        /// Nothing came any more.
        case giveUpSilent
        /// Something came, but no answer.
        case giveUpDeaf
    }

    /// An alarm that comes so late says more of us than of the server.
    private static let lateness = Duration.seconds(1)

    private let silence: Duration
    private let answer: Duration
    private let deafness: Duration
    private var state: State
    private var reading: Reading

    init(silence: Duration, answer: Duration, deafness: Duration, now: Instant) {
        self.silence = silence
        self.answer = answer
        self.deafness = deafness
        state = .listening(until: now + silence)
        reading = .shown(until: now + silence)
    }

    /// When `passed(to:)` has something to do next.
    var deadline: Instant? {
        switch state {
        case .listening(let deadline), .pinged(let deadline): min(deadline, reading.deadline)
        case .paused, .dead: nil
        }
    }

    mutating func heard(at now: Instant) {
        switch state {
        case .listening, .pinged: state = .listening(until: now + silence)
        case .paused, .dead: break
        }
    }

    /// A request of ours was answered, so that the server has read it.
    mutating func answered(at now: Instant) {
        reading = .shown(until: now + silence)
    }

    /// We stop reading for a while, since our own side has too much to do.
    mutating func paused(at now: Instant) {
        switch state {
        case .listening, .pinged: state = .paused(since: now)
        case .paused, .dead: break
        }
    }

    mutating func resumed(at now: Instant) {
        switch state {
        case .paused(let start):
            state = .listening(until: now + silence)
            reading.postpone(by: start.duration(to: now))
        case .listening, .pinged, .dead: break
        }
    }

    /// An alarm that was set for `due` has rung.
    ///
    /// If it comes late it was we who were held up, and what the server has said meanwhile still lies
    /// in the socket.
    mutating func rang(for due: Instant, at now: Instant) {
        guard due.duration(to: now) > Self.lateness else { return }
        paused(at: due)
        resumed(at: now)
    }

    mutating func passed(to now: Instant) -> Order {
        switch state {
        case .pinged(let deadline) where deadline <= now:
            state = .dead
            return .giveUpSilent
        case .listening(let deadline) where deadline <= now:
            state = .pinged(until: now + answer)
            if case .shown = reading { reading = .asked(until: now + deafness) }
            return .ping
        case .listening, .pinged:
            return look(at: now)
        case .paused, .dead:
            return .wait
        }
    }

    /// Asks a server that talks, and despairs of one that does not answer.
    private mutating func look(at now: Instant) -> Order {
        switch reading {
        case .asked(let deadline) where deadline <= now:
            state = .dead
            return .giveUpDeaf
        case .shown(let deadline) where deadline <= now:
            reading = .asked(until: now + deafness)
            return .ping
        case .shown, .asked:
            return .wait
        }
    }
}
