import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at each SIGHUP.
struct HangupService: Service {
    let reloading: Reloading

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                // What comes of it is in the log.
                _ = await reloading.reload()
            }
        }
    }
}
