import NIOCore
import ServiceLifecycle

/// Gives signs of life as long as there is life: each of them goes through every event loop.
///
/// A loop that is stuck keeps it from coming, and the service manager ends the process and starts
/// another. To be the first of all services, since an orderly end takes its time too.
struct Watchdog: Service {
    let manager: ServiceManager
    let loops: any EventLoopGroup
    /// The service manager's patience; signs come twice as often.
    let patience: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await everyLoopAnswers()
                manager.tell(.alive)
                try? await Task.sleep(for: patience / 2)
            }
        }
    }

    private func everyLoopAnswers() async {
        for loop in loops.makeIterator() {
            try? await loop.submit {}.get()
        }
    }
}
