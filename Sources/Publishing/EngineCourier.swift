public import Engine
public import Foundation
public import PubSub
public import Storage
public import XMPP

/// Carries out what is to be done at a newsletter's engine: each once, and in order.
///
/// An event of the engine's can't be taken back. So it is stored that a request is about to leave;
/// as long as no answer has come, by whatever fault, the item is looked at before anything is sent
/// again. What was accepted is read back, and only then forgotten.
public actor EngineCourier {
    public typealias Note = @Sendable (EngineNews, borrowing Transaction) throws -> Void
    public typealias Report = @Sendable (EngineNews) -> Void

    /// How often is looked whether what goes out from here has gone out.
    private static let glance = Duration.seconds(1)

    public nonisolated let newsletter: Newsletter
    public nonisolated let service: JID
    let pubsub: PubSubService
    let store: Store
    let settings: EngineSettings
    /// Measures the pauses between attempts.
    private let clock: any Clock<Duration>
    let note: Note
    let report: Report
    let now: @Sendable () -> Date
    private var wakeUps: AsyncStream<Void>.Continuation?
    /// What the engine can do; asked once a process.
    var abilities: EngineAbilities?
    /// What must hold for the nodes that were looked at on this stream.
    var preconditions: [NodeID: DataForm] = [:]
    /// Why nothing more is done at some nodes in this go, which keeps no other node back; where a setting
    /// has to change, in all of them until the pause is over.
    var shut: [NodeID: EngineError] = [:]
    /// What was told already of which node.
    var told: [NodeID: EngineNews] = [:]
    /// What was told already of why nothing goes on.
    private var held: Set<EngineError.Remedy> = []
    /// Whether a move may be noted as one that does not go on, by an earlier process too.
    private var mayHoldMove = true
    /// Whether what is held is to be tried at once: its pause is over, or somebody wants it.
    private var isDue = false
    /// How often in a row nothing came of it.
    private var attempts = 0
    /// Ends the pause after which a move is tried again that did not go on; nil if it may be tried.
    private var moveAlarm: Task<Void, any Error>?
    /// How often in a row nothing came of the move.
    private var moveAttempts = 0
    /// Ends the pause after which nodes are looked at again where somebody has to act.
    private var nodeAlarm: Task<Void, any Error>?
    /// Whether the next go looks at those: their pause is over, though a go may be under way that began before.
    private var areNodesDue = true
    /// How often in a row somebody had not.
    private var nodeAttempts = 0
    /// How often an accepted item was not found.
    var misses: (operation: Int64, count: Int) = (0, 0)
    /// How often the engine has refused a reader for reasons that may pass.
    var refusals: (reader: Int64, count: Int) = (0, 0)
    /// How many readers in a row the engine did not let us subscribe to which node, since somebody last
    /// wanted it tried; far below 0 after one whom it did.
    var turnedAway: [NodeID: Int] = [:]
    /// When those were last forgotten who were refused and never asked.
    var tidiedAt: Date?
    /// The move that the following is known of.
    var underWay: EngineMove?
    /// Who is still to come back, of those the engine has told of.
    var arrivals: [NodeID: [JID]] = [:]
    /// How far it has come with the items that only the engine has.
    var itemArrivals: [NodeID: ItemArrivals] = [:]
    /// How often all of them were brought, and somebody was left.
    var rounds = 0
    /// Sends a request on the stream there is.
    var ask: EngineClient.Ask?

    /// Makes a courier, which does nothing before it is run; nil if the newsletter has no engine.
    ///
    /// `note` keeps what people are to hear, in the transaction that makes it so: what became of an
    /// item, and that nothing goes on. `report` takes all news, after that.
    ///
    /// It is `leaving` the engine at which the nodes still are of a newsletter that has come back.
    public init?(
        of newsletter: Newsletter,
        leaving former: JID? = nil,
        pubsub: PubSubService,
        store: Store,
        settings: EngineSettings = EngineSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        note: @escaping Note = { _, _ in },
        report: @escaping Report = { _ in }
    ) {
        guard let service = newsletter.engine ?? former else { return nil }
        self.newsletter = newsletter
        self.service = service
        self.pubsub = pubsub
        self.store = store
        self.settings = settings
        self.clock = clock
        self.now = now
        self.note = note
        self.report = report
    }

    /// Says that there is something to do; to be called after the commit.
    public func wake() {
        wakeUps?.yield()
    }

    /// As ``wake()``; what waits for time to pass is tried at once too.
    ///
    /// What is being tried is tried once more, since somebody may have mended what it began with; and
    /// whom the engine turned away before says nothing of whom it takes now. That it took somebody does.
    public func urge() {
        turnedAway = turnedAway.filter { $0.value < 0 }
        endMovePause()
        endNodePause()
        endPause()
    }

    /// Does what is to be done, and then whatever ``wake()`` announces, until the task is cancelled.
    ///
    /// One run at a time: the next begins when this has returned.
    ///
    /// - Parameter ask: sends a request on the stream there is.
    public func run(_ ask: @escaping EngineClient.Ask) async {
        let (signals, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        wakeUps = continuation
        defer { wakeUps = nil }
        let client = EngineClient(
            service,
            as: newsletter.contact,
            largestRequest: settings.largestStanza,
            ask: ask
        )
        self.ask = ask
        underWay = nil
        // Much may have happened over there while we were away.
        preconditions = [:]
        (attempts, moveAttempts, nodeAttempts) = (0, 0, 0)
        defer {
            endMovePause()
            endNodePause()
        }
        var iterator = signals.makeAsyncIterator()
        while !Task.isCancelled {
            isDue = false
            do {
                try await work(client)
                (attempts, nodeAttempts) = (0, 0)
                endNodePause()
                if moveAlarm == nil { await resume() }
                if try await waitsForOurselves() {
                    try? await Task.sleep(for: min(Self.glance, settings.retryDelay))
                } else {
                    guard await iterator.next() != nil else { return }
                }
            } catch let error as MoveHeld {
                guard !Task.isCancelled else { return }
                await hold(error.cause)
                // Somebody may have wanted it meanwhile.
                guard !isDue else { continue }
                beginMovePause()
                beginNodePause()
                guard await iterator.next() != nil else { return }
            } catch let error as NodesHeld {
                guard !Task.isCancelled else { return }
                await hold(error.cause)
                guard !isDue else { continue }
                beginNodePause()
                // What is for other nodes does not wait with those where somebody has to act.
                guard await iterator.next() != nil else { return }
            } catch {
                guard !Task.isCancelled else { return }
                await hold(error)
                attempts += 1
                let alarm = alarm(after: settings.pause(after: attempts))
                defer { alarm.cancel() }
                while !isDue {
                    guard await iterator.next() != nil else { return }
                }
            }
        }
    }

    private func alarm(after pause: Duration) -> Task<Void, any Error> {
        Task {
            try await clock.sleep(for: pause)
            // It may have been over when there was no more need of it.
            try Task.checkCancellation()
            endPause()
        }
    }

    private func endPause() {
        isDue = true
        wakeUps?.yield()
    }

    /// Whatever wakes us meanwhile, the move is left out of it.
    private func beginMovePause() {
        moveAttempts += 1
        let pause = settings.pause(after: moveAttempts)
        moveAlarm = Task {
            try await clock.sleep(for: pause)
            try Task.checkCancellation()
            endMovePause()
            wake()
        }
    }

    private func endMovePause() {
        moveAlarm?.cancel()
        moveAlarm = nil
    }

    /// Whatever wakes us meanwhile, those nodes are left alone; a pause that goes on is begun no second time.
    private func beginNodePause() {
        guard !shut.isEmpty, !areNodesDue, nodeAlarm == nil else { return }
        nodeAttempts += 1
        let pause = settings.pause(after: nodeAttempts)
        nodeAlarm = Task {
            try await clock.sleep(for: pause)
            try Task.checkCancellation()
            endNodePause()
            wake()
        }
    }

    private func endNodePause() {
        nodeAlarm?.cancel()
        nodeAlarm = nil
        areNodesDue = true
    }

    /// What troubled us before says nothing of what comes next.
    func succeed() {
        attempts = 0
    }

    private func work(_ client: EngineClient) async throws {
        // Elsewhere a look at the node, or another item, may be all that it takes.
        shut = areNodesDue ? [:] : shut.filter { $0.value.remedy == .setting }
        areNodesDue = false
        if newsletter.engine == nil {
            guard try await prepareToLeave(client) else { return }
        } else {
            try await prepare(client)
        }
        while let reader = try await begunReader() { try await carryOut(reader, client) }
        repeat {
            while let step = try await nextStep() {
                switch step {
                case .operation(let operation):
                    do {
                        try await carryOut(operation, client)
                    } catch let error as EngineError where error.remedy != .time {
                        close(operation.target.node, error)
                    }
                case .reader(let reader): try await carryOut(reader, client)
                }
            }
            // Nobody moves past what waits.
            if let error = try await obstacle() { throw NodesHeld(cause: error) }
        } while try await goOn(client)
        // It is looked at again, though nothing waits for it: its readers are somebody else's.
        if let error = firstClosure { throw NodesHeld(cause: error) }
    }

    private func goOn(_ client: EngineClient) async throws -> Bool {
        guard moveAlarm == nil else { return false }
        do {
            let hasMore = try await moveOn(client)
            moveAttempts = 0
            return hasMore
        } catch {
            throw MoveHeld(cause: error)
        }
    }
}

/// A move that does not go on, which is no reason for what is published to wait.
private struct MoveHeld: Error {
    let cause: any Error
}

/// Nodes where nothing goes on, which is no reason for what is for others to wait.
private struct NodesHeld: Error {
    let cause: EngineError
}

// MARK: - Nodes where nothing goes on

extension EngineCourier {
    /// Lets what is to be done at a node wait until a go looks at the node first: the next, or where a setting
    /// has to change, the next after a pause.
    func close(_ node: NodeID, _ error: EngineError) {
        shut[node] = error
        preconditions[node] = nil
    }

    private func nextStep() async throws -> EngineStep? {
        let (newsletter, service) = (newsletter.name, service)
        let (closed, unsettled) = (Set(shut.keys), unsettled)
        return try await store.read {
            try $0.nextEngineStep(
                of: newsletter,
                at: service,
                publishingNotAt: closed,
                changingNoReadersAt: unsettled
            )
        }
    }

    private func begunReader() async throws -> EngineReader? {
        let (newsletter, service, unsettled) = (newsletter.name, service, unsettled)
        return try await store.read {
            try $0.begunEngineReader(of: newsletter, at: service, notAt: unsettled)
        }
    }

    /// Where a reader waits as well: at a node that is somebody else's they hear that it is.
    private var unsettled: Set<NodeID> {
        Set(shut.filter { if case .notOwned = $0.value { false } else { true } }.keys)
    }

    /// Why the first that waits does.
    private func obstacle() async throws -> EngineError? {
        let (newsletter, service) = (newsletter.name, service)
        let next = try await store.read {
            try $0.nextEngineOperation(of: newsletter, at: service)
        }
        if let error = next.flatMap({ shut[$0.target.node] }) { return error }
        return unsettled.isEmpty ? nil : firstClosure
    }

    /// Whether a node is to be looked at before anything is done there.
    func isUnseen(_ node: NodeID) -> Bool {
        preconditions[node] == nil && shut[node] == nil
    }

    private var firstClosure: EngineError? {
        shut.min { $0.key.rawValue < $1.key.rawValue }?.value
    }
}

// MARK: - Going on, and not

extension EngineCourier {
    /// Whoever has to hear of a change hears of it, though we end right after it.
    func change(
        _ news: EngineNews,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) async throws {
        try await store.write { [note] transaction in
            try body(transaction)
            try note(news, transaction)
        }
        report(news)
    }

    /// Notes with what waits why it does, for those who ask, and tells it once.
    private func hold(_ error: any Error) async {
        let reason = (error as? EngineError) ?? .unanswered("\(error)")
        let (newsletter, service) = (newsletter.name, service)
        let date = now()
        let isNew = held.insert(reason.remedy).inserted
        if isNew { report(.held(reason)) }
        mayHoldMove = true
        do {
            try await store.write { [note] transaction in
                if isNew { try note(.held(reason), transaction) }
                try transaction.holdEngineMove(
                    of: newsletter,
                    at: service,
                    obstacle: reason.description,
                    on: date
                )
                let next = try transaction.nextEngineOperation(of: newsletter, at: service)
                guard let next, next.reason != reason.description else { return }
                try transaction.setEngineOperation(
                    next.id,
                    to: next.state,
                    reason: reason.description
                )
            }
        } catch {
            // What can't be kept is told again when it can.
            if isNew { held.remove(reason.remedy) }
        }
    }

    private func resume() async {
        if mayHoldMove {
            let (newsletter, service) = (newsletter.name, service)
            mayHoldMove = false
            do {
                try await store.write { try $0.resumeEngineMove(of: newsletter, at: service) }
            } catch {
                mayHoldMove = true
            }
        }
        guard !held.isEmpty else { return }
        held = []
        report(.resumed)
    }
}
