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
    let logger: Logger
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    let report: @Sendable (DeliveryEvent) async -> Void

    /// Whether fan-outs may have come, changed or gone since they were read last.
    var hasNews = false
    private var wakeUps: AsyncStream<Void>.Continuation?
    private var lastStreamEndedAt: Date?

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
        try await goBack(after: end)
        hasNews = true
        var iterator = signals.makeAsyncIterator()
        repeat {
            try await deliver(on: stream)
        } while await iterator.next() != nil
    }

    /// Notes an error that answered a delivery; see ``Storage/Transaction/recordBounce(_:at:)``.
    @discardableResult
    public func bounced(_ message: Message) async throws -> Bounce? {
        let date = now()
        return try await store.write { try $0.recordBounce(message, at: date) }
    }

    // MARK: -

    /// Takes back what a server that died may have lost.
    ///
    /// A stream that ended cleanly was read to its end. Nor is anything taken back at the start of
    /// the process: a server that goes on has read what it acknowledged.
    private func goBack(after end: StreamEnd?) async throws {
        guard let end, !end.isClean else { return }
        var since = (lastStreamEndedAt ?? now()) - settings.rewind.seconds
        // Such a server was given up long after it had stopped reading.
        if end == .lost(.silent) || end == .lost(.deaf) {
            since -= DeliverySettings.silenceAllowance.seconds
        }
        let moment = since
        let fanOuts = try await persistently("go back") { store in
            try await store.write { try $0.rewindFanOuts(to: moment) }
        }
        for fanOut in fanOuts {
            logger.notice(
                "Going back in a delivery, since the stream was lost",
                metadata: fanOut.metadata.merging(["sent": "\(fanOut.sent)"]) { $1 }
            )
        }
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
