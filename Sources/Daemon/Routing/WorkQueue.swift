/// Work that must not hold up the stream, done one piece after the other.
struct WorkQueue: Sendable {
    typealias Work = @Sendable () async -> Void

    private let works: AsyncStream<Work>
    private let queue: AsyncStream<Work>.Continuation

    /// - Parameter bound: How many pieces may wait; a further one is refused.
    init(bound: Int) {
        (works, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(bound))
    }

    /// Adds a piece; false if too many wait already.
    func add(_ work: @escaping Work) -> Bool {
        if case .enqueued = queue.yield(work) { true } else { false }
    }

    /// Does what is there and what comes, until the task is cancelled.
    func run() async {
        for await work in works {
            await work()
        }
    }
}
