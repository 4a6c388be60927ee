internal import NIOCore
internal import NIOPosix

/// The thread on which streams live: one of NIO's event loops, for actors and tasks.
///
/// Who works with each stanza of a stream lives there too, and changes no threads in between. What
/// takes long, or waits for the disk, belongs elsewhere: nothing is read or written meanwhile.
public final class StreamExecutor: SerialExecutor, TaskExecutor {
    let eventLoop: any EventLoop

    public init() {
        eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute {
            job.runSynchronously(
                isolatedTo: self.asUnownedSerialExecutor(),
                taskExecutor: self.asUnownedTaskExecutor()
            )
        }
    }

    public func checkIsolated() {
        eventLoop.preconditionInEventLoop()
    }
}
