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
    let multicastSearch: MulticastSearch
    /// Is to be shown all that arrives.
    public nonisolated let refusals = MulticastRefusals()
    /// Knows which ids may be ours.
    public nonisolated let answerable = AnswerableDeliveries()
    /// Knows which errors say nothing new.
    public nonisolated let staleErrors = StaleErrors()
    let logger: Logger
    let executor: StreamExecutor
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    var time: SteadyTime
    var ages = FanOutAges()
    /// How much may go out, between two deliveries.
    var pacer: Pacer?
    let report: @Sendable (DeliveryEvent) async -> Void

    /// Whether fan-outs may have come, changed or gone since they were read last.
    var hasNews = false
    private var wakeUps: AsyncStream<Void>.Continuation?
    /// When we heard last that the server has read what was written to it, by the steady time.
    var lastAnswer: Date?
    /// When the server lived for certain, by the steady time: what it had read long before is safe.
    var lastLife: Date?
    /// The stream that is delivered on, until we hear of its end.
    var stream: (any StanzaStream)?
    /// The server of the last stream on which anything was delivered; nil if it did not tell its age.
    var server: ServerStart?
    /// What may have been lost, until it is taken back.
    var loss: Loss? = .ofProcessBefore
    /// What the newest stream has lost, which may end while the loss before it is taken back.
    var newLoss: Loss?
    var standstill = Standstill()
    /// What is known of the server's multicast service.
    var multicast = KnownMulticast.unknown
    /// Behind which reader each fan-out is written to singly again: nobody there was in a stanza that
    /// may still be refused, or they were written to once more.
    var singleFrom: [FanOutRowID: SinglePlace] = [:]
    /// The fan-outs of which something was handed to a service.
    var usedMulticast: Set<FanOutRowID> = []
    /// Whether it was said that there is none.
    var hasMissedMulticast = false
    /// The fan-outs that were written to the last stream.
    var written: Set<FanOutRowID> = []
    var alarmSetter: AsyncStream<Alarm>.Continuation?
    /// The earliest alarm that is set.
    var nextAlarm: Date?

    /// Makes a dispatcher; it does nothing before ``run(on:)``.
    ///
    /// - Parameters:
    ///   - store: where the fan-outs are.
    ///   - domain: our own address, which asks the barriers.
    ///   - pingTarget: the server's address, which answers them.
    ///   - settings: how fast and how carefully to go.
    ///   - logger: gets a line for each fan-out that ends.
    ///   - executor: that of the streams.
    ///   - clock: measures the pauses after an error of the database.
    ///   - now: the time of day.
    ///   - bootClock: a clock that nobody sets.
    ///   - report: is told how it goes; the delivery waits until it returns.
    public init(
        store: Store,
        domain: JID,
        pingTarget: JID,
        settings: DeliverySettings = DeliverySettings(),
        logger: Logger,
        executor: StreamExecutor = StreamExecutor(),
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        bootClock: BootClock = .system,
        report: @escaping @Sendable (DeliveryEvent) async -> Void = { _ in }
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.executor = executor
        self.clock = clock
        self.now = now
        time = SteadyTime(startingAt: now(), by: bootClock)
        self.report = report
        barrier = Barrier(
            domain: domain,
            target: pingTarget,
            timeout: settings.barrierTimeout,
            logger: logger
        )
        serverAge = ServerAge(domain: domain, target: pingTarget, settings: settings)
        multicastSearch = MulticastSearch(domain: domain, server: pingTarget, settings: settings)
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Says that a fan-out was started, held, resumed or cancelled; to be called after the commit.
    public func wake() {
        hasNews = true
        wakeUps?.yield()
    }

    /// Delivers what is unfinished, and then whatever ``wake()`` announces, until the task is
    /// cancelled.
    ///
    /// One run at a time: the next begins when this has returned, and ``streamEnded(_:)`` was told of
    /// each stream that ended before.
    ///
    /// - Parameter stream: an open stream.
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func run(on stream: any StanzaStream) async throws {
        let (signals, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        wakeUps = continuation
        refusals.listener = continuation
        defer {
            wakeUps = nil
            refusals.listener = nil
            alarmSetter = nil
        }
        self.stream = stream
        // A stream that is over before anything was taken back leaves that to the next one.
        try await goBack(on: stream)
        try await holdWhatIsStuck()
        hasNews = true
        multicast = .unknown
        nextAlarm = nil
        try await withThrowingDiscardingTaskGroup { group in
            let (alarms, setter) = AsyncStream.makeStream(of: Alarm.self)
            alarmSetter = setter
            group.addTask { await self.keepTime(alarms) }
            var iterator = signals.makeAsyncIterator()
            repeat {
                try await deliver(on: stream)
                try await settle()
            } while await iterator.next() != nil
            group.cancelAll()
        }
    }

    /// Those errors that answered deliveries, come from readers they had gone to, and say something that
    /// is not known; writes nothing.
    ///
    /// What a multicast service has refused is noted at once, since that needs no database.
    public func genuine(_ messages: [Message]) async throws -> [Message] {
        let possible = messages.filter(answerable.mayBeAnswered)
        guard !possible.isEmpty else { return [] }
        let date = now()
        let looked = try await store.read { [settings] transaction in
            var looked = Looked()
            for message in possible {
                let isNews = try transaction.news(of: message, at: date, settings: settings) != nil
                if isNews { looked.genuine.append(message) }
                if try transaction.refusal(message) != nil {
                    looked.refused.append(message)
                } else if !isNews {
                    looked.stale.append((message, try transaction.nextAttempt(behind: message)))
                }
            }
            return looked
        }
        for message in looked.refused { refusals.note(message) }
        for (message, due) in looked.stale {
            let time = due.map { Duration.seconds($0.timeIntervalSince(date)) }
            staleErrors.add(message, for: time ?? StaleErrors.memory)
        }
        return looked.genuine
    }

    /// Notes the errors that answered deliveries, together; see
    /// ``Storage/Transaction/recordBounce(_:at:settings:)``.
    ///
    /// Anybody can send errors. What has none of our ids costs nothing; what comes from others than the
    /// readers the ids stand for, or is said once more, never waits for the writer or the disk.
    ///
    /// - Returns: What came of those that were real, and news.
    @discardableResult
    public func bounced(_ messages: [Message]) async throws -> [Bounce] {
        let real = try await genuine(messages)
        guard !real.isEmpty else { return [] }
        let date = now()
        let bounces = try await store.write { [settings] transaction in
            try real.compactMap {
                try transaction.recordBounce($0, at: date, settings: settings)
            }
        }
        for bounce in bounces {
            note(bounce)
        }
        return bounces
    }

    private func note(_ bounce: Bounce) {
        logger.log(
            level: bounce.isSuspended || bounce.verdict == .end ? .notice : .debug,
            "An error came back",
            metadata: [
                "reader": "\(bounce.reader.jid)",
                "condition": "\(bounce.error.condition.rawValue)",
                "verdict": "\(bounce.verdict)", "suspended": "\(bounce.isSuspended)",
            ]
        )
        if let due = bounce.nextAttemptAt { setAlarm(at: due) }
    }
}

/// What was found about errors that may have answered deliveries.
private struct Looked: Sendable {
    var genuine: [Message] = []
    /// What a multicast service has refused.
    var refused: [Message] = []
    /// What says nothing new, and when what it answers is written again.
    var stale: [(message: Message, due: Date?)] = []
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
