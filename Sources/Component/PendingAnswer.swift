import Synchronization
import XMPP

/// The answer to one request, which may come before or after somebody waits for it.
///
/// A lock rather than an actor, so that a cancellation handler can resolve it.
final class PendingAnswer: Sendable {
    typealias Answer = Result<IQ, RequestFailure>

    private enum State {
        case open
        case awaited(CheckedContinuation<Answer, Never>)
        case resolved(Answer)
    }

    /// When the request began to be written, or waits for that.
    let askedAt = ContinuousClock.now
    private let state = Mutex(State.open)

    /// Settles the answer; only the first call counts.
    func resolve(_ answer: Answer) {
        let waiter = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            switch state {
            case .open:
                state = .resolved(answer)
                return nil
            case .awaited(let waiter):
                state = .resolved(answer)
                return waiter
            case .resolved:
                return nil
            }
        }
        waiter?.resume(returning: answer)
    }

    /// Waits for the answer; to be called once.
    nonisolated(nonsending) func wait() async throws(RequestFailure) -> IQ {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Answer? in
                    if case .resolved(let answer) = state { return answer }
                    state = .awaited(continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            resolve(.failure(.streamClosed(.closedByUs)))
        }
        return try answer.get()
    }
}
