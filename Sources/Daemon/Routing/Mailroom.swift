import Component
import PubSub
import Synchronization

/// Writes what requests have led to while the next are worked on, which would otherwise wait for it.
///
/// One after the other, and never more than one batch behind: whoever reads slowly is to slow us down.
final class Mailroom: Sendable {
    private let outbox: Outbox
    private let executor: StreamExecutor
    /// A lock rather than an actor, which would be another thread to go to.
    private let writing = Mutex<Task<Void, Never>?>(nil)

    /// The executor is that of the stream.
    init(_ outbox: Outbox, executor: StreamExecutor) {
        self.outbox = outbox
        self.executor = executor
    }

    /// Begins to carry out what follows from requests, as soon as all that was there before is.
    nonisolated(nonsending) func carryOut(
        _ effects: [PubSubEffect],
        on stream: any StanzaStream
    ) async {
        guard !effects.isEmpty else { return }
        await finish()
        let next = Task(executorPreference: executor) { [outbox] in
            await outbox.carryOut(effects, on: stream)
        }
        writing.withLock { $0 = next }
    }

    /// Returns when nothing waits to be written.
    nonisolated(nonsending) func finish() async {
        await writing.withLock { $0 }?.value
    }
}
