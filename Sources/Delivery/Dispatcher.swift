public import Component
public import Foundation
public import Logging
public import Storage
public import XMPP

/// Carries out the fan-outs that are stored, on whichever stream there is.
///
/// All that matters is in the database: whatever ends a run, the next one goes on from there, with
/// the same bytes and the same ids.
public actor Dispatcher {
    let store: Store
    let settings: DeliverySettings
    let barrier: Barrier
    let serverAge: ServerAge
    let logger: Logger
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    let report: @Sendable (DeliveryEvent) async -> Void

    /// Whether fan-outs may have come, changed or gone since they were read last.
    var hasNews = false
    private var wakeUps: AsyncStream<Void>.Continuation?
    var lastStreamEndedAt: Date?
    /// The earliest alarm that is set.
    private var nextAlarm: Date?

    /// Makes a dispatcher; it does nothing before ``run(on:after:)``.
    ///
    /// - Parameters:
    ///   - store: where the fan-outs are.
    ///   - domain: our own address, which asks the barriers.
    ///   - pingTarget: the server's address, which answers them.
    ///   - settings: how fast and how carefully to go.
    ///   - logger: gets a line for each fan-out that ends.
    ///   - clock: measures the pauses after an error of the database.
    ///   - now: the time of day.
    ///   - report: is told how it goes; the delivery waits until it returns.
    public init(
        store: Store,
        domain: JID,
        pingTarget: JID,
        settings: DeliverySettings = DeliverySettings(),
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        report: @escaping @Sendable (DeliveryEvent) async -> Void = { _ in }
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.clock = clock
        self.now = now
        self.report = report
        barrier = Barrier(
            domain: domain,
            target: pingTarget,
            timeout: settings.barrierTimeout,
            logger: logger
        )
        serverAge = ServerAge(
            domain: domain,
            target: pingTarget,
            timeout: min(settings.barrierTimeout, .seconds(10))
        )
    }

    /// Says that a fan-out was started, held, resumed or cancelled; to be called after the commit.
    public func wake() {
        hasNews = true
        wakeUps?.yield()
    }

    /// Delivers what is unfinished, and then whatever ``wake()`` announces, until the task is
    /// cancelled.
    ///
    /// One run at a time: the next begins when this has returned.
    ///
    /// - Parameters:
    ///   - stream: an open stream.
    ///   - end: how the stream before this one ended; nil for the first of the process.
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func run(on stream: any StanzaStream, after end: StreamEnd?) async throws {
        let (signals, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        wakeUps = continuation
        defer {
            wakeUps = nil
            lastStreamEndedAt = now()
        }
        try await goBack(on: stream, after: end)
        hasNews = true
        nextAlarm = nil
        try await withThrowingDiscardingTaskGroup { alarms in
            var iterator = signals.makeAsyncIterator()
            repeat {
                try await deliver(on: stream)
                try await settle()
                try await setAlarm(&alarms)
            } while await iterator.next() != nil
            alarms.cancelAll()
        }
    }

    /// Lets the next thing that is due wake us, unless an earlier alarm does anyway.
    private func setAlarm(_ alarms: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        let settling = settlingTime
        let due = try await persistently("read what is due next") { store in
            try await store.read { try $0.nextFanOutDeadline(settling: settling) }
        }
        guard let due, nextAlarm.map({ due < $0 }) ?? true else { return }
        nextAlarm = due
        let pause = Duration.seconds(max(0, due.timeIntervalSince(now())) + 0.01)
        alarms.addTask { [clock] in
            guard (try? await clock.sleep(for: pause)) != nil else { return }
            await self.alarmRang(due)
        }
    }

    private func alarmRang(_ due: Date) {
        if nextAlarm == due { nextAlarm = nil }
        wake()
    }

    /// Notes an error that answered a delivery; see ``Storage/Transaction/recordBounce(_:at:)``.
    @discardableResult
    public func bounced(_ message: Message) async throws -> Bounce? {
        let date = now()
        return try await store.write { try $0.recordBounce(message, at: date) }
    }
}

extension FanOutRecord {
    /// What identifies it in the log.
    var metadata: Logger.Metadata {
        ["fan-out": "\(id.rawValue)", "item": "\(item)"]
    }
}

extension Duration {
    var seconds: TimeInterval { self / .seconds(1) }
}
