import ServiceLifecycle

/// Does what waits in a queue.
struct QueueService: Service {
    let queue: WorkQueue

    func run() async throws {
        await cancelWhenGracefulShutdown { await queue.run() }
    }
}
