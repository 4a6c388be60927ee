/// The time since it was made, on whatever clock, so that state machines need not know the clock.
struct Stopwatch: Sendable {
    private let read: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    init<C: Clock<Duration>>(_ clock: C) {
        let start = clock.now
        read = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    }

    var now: Duration { read() }

    /// - Throws: `CancellationError` when the task is cancelled while it sleeps.
    func sleep(until moment: Duration) async throws {
        try await sleep(moment)
    }
}
