import Newsroom
import ServiceLifecycle

/// Looks every few seconds at what the clock on the wall says.
///
/// It never sleeps until a schedule's time: a clock that is set, or a machine that slept, would make
/// that another moment.
struct ScheduleService: Service {
    private static let interval = Duration.seconds(5)

    let keeper: ScheduleKeeper

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await keeper.round()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
