internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The thread on which streams live: one of NIO's event loops, for actors and tasks.
///
/// Who works with each stanza of a stream lives there too, and changes no threads in between. What
/// takes long, or waits for the disk, belongs elsewhere: nothing is read or written meanwhile.
public final class StreamExecutor: SerialExecutor, TaskExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        /// Whether the loop knows that there are jobs, or works on them.
        var isAwaited = false
        /// Whether jobs wait for the sockets to have their turn.
        var isTurning = false
        /// When they had it last.
        var lastTurn = ContinuousClock.now
    }

    /// For so long the sockets may be left alone by those who work on and on.
    private static let patience = Duration.milliseconds(1)

    /// Later than the end of the work at hand, so that the loop sees that it has none.
    private static let moment = TimeAmount.microseconds(10)

    let eventLoop: any EventLoop
    private let queue = Mutex(Queue())

    public init() {
        eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = queue.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isAwaited = true }
            return !queue.isAwaited
        }
        if isFirst { eventLoop.execute { self.work() } }
    }

    /// Lets what has arrived be read, and what waits for room be written, before anybody goes on;
    /// not if that was done within the last millisecond.
    ///
    /// A loop turns to its sockets when all that is left to do is in the future. `Task.yield()` only
    /// makes more work, so it never would.
    public nonisolated(nonsending) func turn() async {
        let now = ContinuousClock.now
        let isDue = queue.withLock { queue in
            guard now - queue.lastTurn >= Self.patience else { return false }
            queue.lastTurn = now
            queue.isTurning = true
            return true
        }
        if isDue { await Task.yield() }
    }

    public func checkIsolated() {
        eventLoop.preconditionInEventLoop()
    }

    /// Runs the jobs that are there, and those that they make, up to the next turn.
    private func work() {
        while let jobs = nextJobs() {
            for job in jobs {
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            }
        }
    }

    private func nextJobs() -> [UnownedJob]? {
        let (jobs, isTurning) = queue.withLock { queue -> ([UnownedJob]?, Bool) in
            if queue.isTurning { return (nil, true) }
            queue.isAwaited = !queue.jobs.isEmpty
            guard queue.isAwaited else { return (nil, false) }
            defer { queue.jobs = [] }
            return (queue.jobs, false)
        }
        if isTurning {
            eventLoop.scheduleTask(in: Self.moment) {
                self.queue.withLock { $0.isTurning = false }
                self.work()
            }
        }
        return jobs
    }
}
