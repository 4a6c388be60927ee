import Logging
import ServiceLifecycle
import UnixSignals

/// Keeps a SIGHUP from ending the program, which is what it does by default.
struct HangupService: Service {
    let manager: ServiceManager?
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                manager?.tellReloading()
                logger.notice("SIGHUP changes nothing. Restart to use a changed configuration.")
                manager?.tell(.ready)
            }
        }
    }
}
