public import Engine
public import Foundation
public import PubSub
public import Storage
import XML
public import XMPP

/// Carries out what is to be done at a newsletter's engine: each once, and in order.
///
/// An event of the engine's can't be taken back. So it is stored that a request is about to leave;
/// as long as no answer has come, by whatever fault, the item is looked at before anything is sent
/// again. What was accepted is read back, and only then forgotten.
public actor EngineCourier {
    public typealias Note = @Sendable (EngineNews, borrowing Transaction) throws -> Void
    public typealias Report = @Sendable (EngineNews) -> Void

    /// How often an item is looked for that the engine has accepted.
    private static let looks = 3
    /// How often is looked whether what goes out from here has gone out.
    private static let glance = Duration.seconds(1)
    private static let noPreconditions = DataForm(.submit, fields: [])

    public nonisolated let newsletter: Newsletter
    public nonisolated let service: JID
    let pubsub: PubSubService
    let store: Store
    let settings: EngineSettings
    private let note: Note
    let report: Report
    let now: @Sendable () -> Date
    private var wakeUps: AsyncStream<Void>.Continuation?
    /// What the engine can do; asked once a process.
    private var abilities: EngineAbilities?
    /// What must hold for the nodes that were looked at on this stream.
    var preconditions: [NodeID: DataForm] = [:]
    /// Why nothing more is done at some nodes in this go, which keeps no other node back.
    var shut: [NodeID: EngineError] = [:]
    /// What was told already of which node.
    private var told: [NodeID: EngineNews] = [:]
    /// What was told already of why nothing goes on.
    private var held: Set<EngineError.Remedy> = []
    /// How often an accepted item was not found.
    private var misses: (operation: Int64, count: Int) = (0, 0)
    /// How often the engine has refused a reader for reasons that may pass.
    var refusals: (reader: Int64, count: Int) = (0, 0)
    /// Who is still to come back, of those the engine has told of.
    var arrivals: [NodeID: [JID]] = [:]
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
        self.now = now
        self.note = note
        self.report = report
    }

    /// Says that there is something to do; to be called after the commit.
    public func wake() {
        wakeUps?.yield()
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
        let client = EngineClient(service, as: newsletter.contact, ask: ask)
        self.ask = ask
        (arrivals, rounds) = ([:], 0)
        // Much may have happened over there while we were away.
        preconditions = [:]
        var attempts = 0
        var iterator = signals.makeAsyncIterator()
        while !Task.isCancelled {
            do {
                try await work(client)
                attempts = 0
                resume()
                if try await waitsForOurselves() {
                    try? await Task.sleep(for: min(Self.glance, settings.retryDelay))
                } else {
                    guard await iterator.next() != nil else { return }
                }
            } catch {
                guard !Task.isCancelled else { return }
                await hold(error)
                attempts += 1
                let pause = settings.pause(after: attempts)
                if shut.isEmpty || (error as? EngineError)?.remedy == .time {
                    try? await Task.sleep(for: pause)
                } else {
                    // What is for other nodes does not wait with these.
                    let alarm = Task {
                        try await Task.sleep(for: pause)
                        continuation.yield()
                    }
                    defer { alarm.cancel() }
                    guard await iterator.next() != nil else { return }
                }
            }
        }
    }

    private func work(_ client: EngineClient) async throws {
        shut = [:]
        if newsletter.engine == nil {
            guard try await prepareToLeave(client) else { return }
        } else {
            try await prepare(client)
        }
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
            if let error = try await obstacle() { throw error }
        } while try await moveOn(client)
        // It is looked at again, though nothing waits for it: its readers are somebody else's.
        if let error = firstClosure { throw error }
    }
}

// MARK: - Nodes where nothing goes on

extension EngineCourier {
    /// Lets what is to be done at a node wait for the next go, which looks at the node first.
    private func close(_ node: NodeID, _ error: EngineError) {
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

    private var firstClosure: EngineError? {
        shut.min { $0.key.rawValue < $1.key.rawValue }?.value
    }
}

// MARK: - One operation

extension EngineCourier {
    private func carryOut(_ operation: EngineOperation, _ client: EngineClient) async throws {
        switch operation.state {
        case .waiting, .refused: try await send(operation, client)
        case .accepted: try await verify(operation, client)
        case .sent: try await settle(operation, client)
        }
    }

    /// Sends again what the engine has not, as far as one can see, after its answer was lost.
    private func settle(_ operation: EngineOperation, _ client: EngineClient) async throws {
        for pause in [.zero, settings.grace] {
            try await Task.sleep(for: pause)
            guard let comparison = try await look(operation, client) else { return }
            guard comparison == .different else { return try await end(operation, comparison) }
        }
        try await send(operation, client)
    }

    /// How what the engine has compares to what it should; nil if it does not let us look.
    ///
    /// It may be there then, so it is not sent again unasked.
    private func look(
        _ operation: EngineOperation,
        _ client: EngineClient
    ) async throws -> ItemComparison? {
        let target = operation.target
        do {
            let found = try await client.payload(of: target.item, at: target.node)
            guard let wanted = try operation.payload() else {
                return found == nil ? .same : .different
            }
            return ItemComparison(found, with: wanted)
        } catch let error as EngineError
            where error.remedy == .setting || error.remedy == .content
        {
            try await refuse(operation, "It does not show '\(target.item)'. \(error)")
            return nil
        }
    }

    private func send(_ waiting: EngineOperation, _ client: EngineClient) async throws {
        let isOurs = newsletter.allFeeds.contains { $0.node == waiting.target.node }
        guard isOurs || waiting.isRetraction else {
            return try await refuse(
                waiting,
                "By the configuration, the newsletter has no node '\(waiting.target.node)'."
            )
        }
        // Another may have taken its place since it was read; none can from here on.
        let operation = try await store.write { try $0.sendEngineOperation(waiting) }
        guard let operation else { return }
        let target = operation.target
        do {
            if let payload = try operation.payload() {
                try await client.publish(
                    payload,
                    as: target.item,
                    at: target.node,
                    if: preconditions[target.node].flatMap { $0.fields.count > 1 ? $0 : nil }
                )
            } else {
                try await client.retract(target.item, from: target.node)
            }
        } catch let error as EngineError where !error.leavesDoubt {
            // Nobody will look after a node that is none of the newsletter's any more.
            if error.isFinal || (!isOurs && error.remedy != .time) {
                return try await refuse(operation, "\(error)")
            }
            try await store.write {
                try $0.setEngineOperation(operation.id, to: .waiting, reason: "\(error)")
            }
            throw error
        }
        try await store.write { try $0.setEngineOperation(operation.id, to: .accepted) }
        try await verify(operation, client)
    }

    private func verify(_ operation: EngineOperation, _ client: EngineClient) async throws {
        guard let comparison = try await look(operation, client) else { return }
        guard comparison != .different else { return try await miss(operation) }
        try await end(operation, comparison)
    }

    private func end(_ operation: EngineOperation, _ comparison: ItemComparison) async throws {
        try await change(comparison == .same ? .done(operation) : .altered(operation)) {
            try $0.endEngineOperation(operation)
        }
    }

    /// It was accepted and is not there: some engines need a moment, but it is never sent again
    /// unasked, since its readers may have got it.
    private func miss(_ operation: EngineOperation) async throws {
        misses = (operation.id, misses.operation == operation.id ? misses.count + 1 : 1)
        let what = "It has accepted '\(operation.target.item)', but does not show it that way."
        guard misses.count >= Self.looks else { throw EngineError.unanswered(what) }
        try await refuse(operation, what)
    }

    private func refuse(_ operation: EngineOperation, _ reason: String) async throws {
        try await change(.refused(operation, reason)) {
            try $0.setEngineOperation(operation.id, to: .refused, reason: reason)
        }
    }

    /// Whoever has to hear of a change hears of it, though we end right after it.
    private func change(
        _ news: EngineNews,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) async throws {
        try await store.write { [note] transaction in
            try body(transaction)
            try note(news, transaction)
        }
        report(news)
    }
}

// MARK: - Nodes

extension EngineCourier {
    /// Makes the nodes be there, as ours are.
    private func prepare(_ client: EngineClient) async throws {
        let abilities = try await knownAbilities(client)
        for node in newsletter.allFeeds.map(\.node) where preconditions[node] == nil {
            let form = try await store.read { [pubsub] in
                try pubsub.configurationForm(of: node, in: $0)
            }
            let wish = NodeWish(form)
            do {
                guard let reached = try await reach(wish, EngineNode(node, client), node) else {
                    preconditions[node] = Self.noPreconditions
                    continue
                }
                tell(.unmet(node, wish.unmet(by: reached)), of: node)
                preconditions[node] =
                    abilities.has(.publishOptions)
                    ? wish.preconditions(in: reached) : Self.noPreconditions
            } catch let error as EngineError where error.remedy != .time {
                close(node, error)
                // Whoever owns it decides who reads it, and what else stands there.
                if case .notOwned = error { tell(.notOwned(node), of: node) }
            }
        }
    }

    /// The node's configuration when all was done for it that can be; nil if its service knows no
    /// configurations, so that nobody can say whose it is.
    private func reach(
        _ wish: NodeWish,
        _ place: EngineNode,
        _ node: NodeID
    ) async throws -> DataForm? {
        let found: DataForm?
        do {
            found = try await place.look()
        } catch {
            guard error.isUnsupported else { throw error }
            return nil
        }
        if let found {
            return try await place.fit(wish, to: found)
        }
        // First, so that whatever happens between the two, it will be filled.
        let earlier = try await fill(node)
        do {
            try await place.create()
        } catch {
            if !error.leavesDoubt { try await leave(node) }
            throw error
        }
        report(.created(node, earlierItems: earlier))
        return try await place.fit(wish, to: place.configuration())
    }

    /// Whoever makes the node that we may not make may have readers there, whom all that is old
    /// would reach at once.
    private func leave(_ node: NodeID) async throws {
        let (newsletter, service) = (newsletter.name, service)
        try await store.write {
            try $0.dropEarlierEngineOperations(of: newsletter, at: service, node: node)
        }
    }

    /// Nobody reads a node that is not there: it gets all that ours has.
    private func fill(_ node: NodeID) async throws -> Int {
        let (newsletter, service) = (newsletter.name, service)
        let date = now()
        return try await store.write { transaction in
            guard let record = try transaction.node(named: node) else { return 0 }
            return try transaction.refillEngineNode(
                record,
                of: newsletter,
                at: service,
                on: date
            )
        }
    }

    private func knownAbilities(_ client: EngineClient) async throws -> EngineAbilities {
        if let abilities { return abilities }
        let found = try await client.abilities()
        abilities = found
        report(.lacks(found.lacks))
        return found
    }

    private func tell(_ news: EngineNews, of node: NodeID) {
        guard told[node] != news else { return }
        told[node] = news
        report(news)
    }
}

// MARK: - Going on, and not

extension EngineCourier {
    /// Notes with what waits why it does, for those who ask, and tells it once.
    private func hold(_ error: any Error) async {
        let reason = (error as? EngineError) ?? .unanswered("\(error)")
        let (newsletter, service) = (newsletter.name, service)
        let isNew = held.insert(reason.remedy).inserted
        if isNew { report(.held(reason)) }
        do {
            try await store.write { [note] transaction in
                if isNew { try note(.held(reason), transaction) }
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

    private func resume() {
        guard !held.isEmpty else { return }
        held = []
        report(.resumed)
    }
}
