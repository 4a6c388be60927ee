import XMPP

/// How long to wait before the next attempt, or that there is none.
///
/// A server that is down will be up again; one that refuses us at the first connect ever will not
/// change its mind, so that somebody has to be told. Of several servers, all have to refuse us.
struct Reconnection {
    /// What became of an attempt.
    enum Outcome: Hashable {
        /// No connection came about: the server is down, or its name does not resolve.
        case unreachable
        /// There was a connection, but no open stream.
        case notOpened(StreamEnd)
        /// The stream was open for so long.
        case ended(StreamEnd, after: Duration)

        /// How the stream ended, if there was one, however short.
        var end: StreamEnd? {
            switch self {
            case .unreachable: nil
            case .notOpened(let end), .ended(let end, _): end
            }
        }
    }

    enum Order: Hashable {
        case retry(after: Duration)
        case giveUp(StreamError)
    }

    private let timings: StreamTimings
    private var hasBeenOnline: Bool
    /// How many servers are tried in turn.
    private let servers: Int
    /// How often in a row a server has refused us, those left out that did not answer.
    private var refusals = 0
    /// The delay before the next attempt that follows a failure, without jitter.
    private var delay: Duration

    init(timings: StreamTimings, hasBeenOnline: Bool, servers: Int = 1) {
        self.timings = timings
        self.hasBeenOnline = hasBeenOnline
        self.servers = servers
        delay = timings.firstDelay
    }

    /// Says what to do after an attempt.
    ///
    /// `chance` is a random number from -1 to 1: the delay is up to a quarter shorter or longer,
    /// so that many components don't knock in step.
    mutating func finished(_ outcome: Outcome, chance: Double) -> Order {
        let jitter = 1 + chance / 4
        if case .ended(_, let lifetime) = outcome {
            hasBeenOnline = true
            refusals = 0
            if lifetime >= timings.stable { delay = timings.firstDelay }
        }
        switch outcome {
        case .notOpened(.streamError(let error)) where error.isRefusal:
            refusals += 1
            // The next may know us.
            guard refusals.isMultiple(of: servers) else { break }
            guard hasBeenOnline else { return .giveUp(error) }
            return .retry(after: timings.refusedDelay * jitter)
        case .notOpened(.streamError(let error)), .ended(.streamError(let error), _):
            // Two instances that throw each other out must not do so twice a second.
            guard error.condition == .conflict else { break }
            return .retry(after: timings.longestDelay * jitter)
        case .unreachable, .notOpened, .ended:
            break
        }
        defer { delay = min(delay * 2, timings.longestDelay) }
        return .retry(after: delay * jitter)
    }
}

extension StreamError {
    /// Whether only a change of a configuration, ours or the server's, can help.
    var isRefusal: Bool {
        condition == .notAuthorized || condition == .hostUnknown
    }
}
