import Component
import Logging

/// Delivers on a stream until that is over, whatever else ends a run.
struct DeliveryRuns: Sendable {
    typealias Body = @Sendable (any StanzaStream) async throws -> Void

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(60)

    private let clock: any Clock<Duration>
    private let logger: Logger
    private let body: Body

    /// - Parameters:
    ///   - clock: measures the pauses between two runs on one stream.
    ///   - logger: is told of what should not happen.
    ///   - body: delivers, as long as the stream is open.
    init(
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger,
        body: @escaping Body
    ) {
        self.clock = clock
        self.logger = logger
        self.body = body
    }

    /// Returns when the stream is over, which tells of that itself, or the task is cancelled.
    func run(on stream: any StanzaStream) async {
        var pause = Self.firstPause
        while true {
            do {
                return try await body(stream)
            } catch is StreamClosed {
                return
            } catch {
                guard !Task.isCancelled else { return }
                logger.error(
                    "Deliveries have stopped; they begin again",
                    metadata: ["reason": "\(error)", "in": "\(pause)"]
                )
            }
            guard (try? await clock.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
