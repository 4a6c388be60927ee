public import Logging
import NIOCore
import NIOPosix
import XMPP

/// The component's connection to its server: connects, serves, and connects again.
public actor ComponentConnection {
    private let configuration: StreamConfiguration
    private let delegate: any StanzaStreamDelegate
    private let executor: StreamExecutor
    private let logger: Logger
    private let hasBeenOnline: Bool
    private let stopping = Latch()
    private let ended = Latch()
    private var isRunning = false

    /// Makes a connection; it does nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: which server, as whom, and how patiently.
    ///   - delegate: who lives on each stream.
    ///   - hasBeenOnline: whether the server ever accepted this component, perhaps in an earlier
    ///     process; a refusal then is no reason to give up.
    ///   - executor: where its streams live.
    ///   - logger: gets a line for each attempt and each end.
    public init(
        configuration: StreamConfiguration,
        delegate: any StanzaStreamDelegate,
        hasBeenOnline: Bool,
        executor: StreamExecutor = StreamExecutor(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.delegate = delegate
        self.hasBeenOnline = hasBeenOnline
        self.executor = executor
        self.logger = logger
    }

    /// Serves until `stop` is called or the task is cancelled; to be called once.
    ///
    /// Both end the stream politely: our closing tag, then a short wait for the server's.
    ///
    /// - Throws: ``ComponentRefused`` when the server refuses us at the first connect ever.
    public func run() async throws(ComponentRefused) {
        guard !isRunning else { preconditionFailure("a connection runs once") }
        isRunning = true
        defer { ended.open() }
        // In a task of its own, since a polite end takes work that a cancelled task can't do.
        let serving = Task { await serve() }
        let refusal = await withTaskCancellationHandler {
            await serving.value
        } onCancel: {
            stopping.open()
        }
        if let refusal { throw refusal }
    }

    /// Ends the connection and returns when it has ended.
    public func stop() async {
        stopping.open()
        if isRunning { await ended.wait() }
    }
}

// MARK: - Attempts

extension ComponentConnection {
    private func serve() async -> ComponentRefused? {
        var reconnection = Reconnection(
            timings: configuration.timings,
            hasBeenOnline: hasBeenOnline,
            servers: configuration.servers.count
        )
        let servers = configuration.servers
        var turn = 0
        while !stopping.isOpen {
            let outcome = await attempt(configuration.at(servers[turn]))
            // Whatever became of it, another node may do better.
            turn = (turn + 1) % servers.count
            guard !stopping.isOpen else {
                log(outcome.end)
                break
            }
            switch reconnection.finished(outcome, chance: .random(in: -1...1)) {
            case .giveUp(let error):
                // Whoever catches it says so.
                return ComponentRefused(domain: configuration.domain.description, error: error)
            case .retry(let delay):
                log(outcome.end)
                if case .notOpened(let end) = outcome {
                    await delegate.notOpened(reason: "\(end)")
                }
                logger.info("Next try", metadata: ["in": "\(delay.inSeconds)"])
                await pause(delay)
            }
        }
        return nil
    }

    private func attempt(_ configuration: StreamConfiguration) async -> Reconnection.Outcome {
        logger.info(
            "Connecting",
            metadata: [
                "host": "\(configuration.host)", "port": "\(configuration.port)",
                "domain": "\(configuration.domain)",
            ]
        )
        let stream: ComponentStream
        do {
            let connector = StreamConnector(configuration, executor: executor)
            stream = try await connector.connect(unless: stopping)
        } catch {
            if !stopping.isOpen {
                logger.warning("Not connected", metadata: ["reason": "\(error)"])
                await delegate.notOpened(reason: "\(error)")
            }
            return .unreachable
        }
        let observer = LoggingDelegate(delegate: delegate, logger: logger, begin: .now)
        let end = await stream.run(delegate: observer, stopping: stopping)
        return if let opened = await stream.openedAt {
            .ended(end, after: opened.duration(to: .now))
        } else {
            .notOpened(end)
        }
    }

    private func log(_ end: StreamEnd?) {
        guard let end else { return }
        logger.log(
            level: end == .closedByUs ? .info : .warning,
            "Stream ended",
            metadata: ["reason": "\(end)", "clean": "\(end.isClean)"]
        )
    }

    /// Waits before the next attempt, or until somebody stops us.
    private func pause(_ delay: Duration) async {
        await withTaskGroup { group in
            group.addTask { [stopping] in await stopping.wait() }
            group.addTask { try? await Task.sleep(for: delay) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Notes in the log that the stream is open before its delegate hears of it.
private struct LoggingDelegate: StanzaStreamDelegate {
    let delegate: any StanzaStreamDelegate
    let logger: Logger
    let begin: ContinuousClock.Instant

    nonisolated(nonsending) func streamOpened(_ stream: any StanzaStream) async {
        logger.info("Online", metadata: ["after": "\(begin.duration(to: .now).inSeconds)"])
        await delegate.streamOpened(stream)
    }

    func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch {
        delegate.sift(batch, isFull: isFull)
    }

    nonisolated(nonsending) func received(
        _ batch: [Inbound],
        on stream: any StanzaStream
    ) async {
        await delegate.received(batch, on: stream)
    }

    nonisolated(nonsending) func streamEnded(_ end: StreamEnd) async {
        await delegate.streamEnded(end)
    }
}

extension Duration {
    /// For people: `0.52 s`.
    fileprivate var inSeconds: String {
        let hundredths = Int((self / .milliseconds(10)).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}
