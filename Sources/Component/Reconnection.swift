import XMPP

/// How long to wait before the next attempt, or that there is none.
///
/// A server that is down will be up again; one that refuses us at the first connect ever will not
/// change its mind, so that somebody has to be told.
struct Reconnection {
    /// What became of an attempt.
    enum Outcome: Hashable {
        /// No connection came about: the server is down, or its name does not resolve.
        case unreachable
        /// There was a connection, but no open stream.
        case notOpened(StreamEnd)
        /// The stream was open for so long.
        case ended(StreamEnd, after: Duration)
    }

    enum Order: Hashable {
        case retry(after: Duration)
        case giveUp(StreamError)
    }

    private let timings: StreamTimings
    private var hasBeenOnline: Bool
    /// The delay before the next attempt that follows a failure, without jitter.
    private var delay: Duration

    init(timings: StreamTimings, hasBeenOnline: Bool) {
        self.timings = timings
        self.hasBeenOnline = hasBeenOnline
        delay = timings.firstDelay
    }

    mutating func finished(
        _ outcome: Outcome,
        using generator: inout some RandomNumberGenerator
    ) -> Order {
        if case .ended(_, let lifetime) = outcome {
            hasBeenOnline = true
            if lifetime >= timings.stable { delay = timings.firstDelay }
        }
        switch outcome {
        case .notOpened(.streamError(let error)) where error.isRefusal:
            guard hasBeenOnline else { return .giveUp(error) }
            return .retry(after: jittered(timings.refusedDelay, &generator))
        case .notOpened(.streamError(let error)), .ended(.streamError(let error), _):
            // Two instances that throw each other out must not do so twice a second.
            guard error.condition == .conflict else { break }
            return .retry(after: jittered(timings.longestDelay, &generator))
        case .unreachable, .notOpened, .ended:
            break
        }
        defer { delay = min(delay * 2, timings.longestDelay) }
        return .retry(after: jittered(delay, &generator))
    }

    /// Up to a quarter more or less, so that many components don't knock in step.
    private func jittered(
        _ delay: Duration,
        _ generator: inout some RandomNumberGenerator
    ) -> Duration {
        delay * Double.random(in: 0.75...1.25, using: &generator)
    }
}

extension StreamError {
    /// Whether only a change of a configuration, ours or the server's, can help.
    var isRefusal: Bool {
        condition == .notAuthorized || condition == .hostUnknown
    }
}
