import Component
import PubSub
import Synchronization
import XML
import XMPP

/// Those who subscribe or leave and wait for a transaction: who comes while one is under way is served
/// by the next, which begins as soon as that one ends.
///
/// Otherwise the database would stand still, after each transaction, until the stream's thread has
/// heard of its end and brought more.
final class RequestLine: Sendable {
    /// Whom one transaction serves, and since when; nil as long as it has not begun.
    private final class Hand: Sendable {
        let taken = Mutex<(requests: [IQ], begin: ContinuousClock.Instant)?>(nil)
    }

    private struct State {
        var waiting: [IQ] = []
        /// The transaction after the one whose answers are collected at the moment.
        var next: Task<[PubSubEffect], Never>?
        /// Whether a transaction has been begun that has yet to take those who wait.
        var willTake = false
        /// Collects the answers, as long as there are any to come.
        var collecting: Task<Void, Never>?
    }

    private let desk: ServiceDesk
    private let mailroom: Mailroom
    private let metrics: ServiceMetrics
    private let executor: StreamExecutor
    /// When so many wait, whoever has brought them waits too, until all are served.
    private let capacity: Int
    /// A lock rather than an actor: the database's thread takes requests, and may not wait for one.
    private let state = Mutex(State())

    /// The executor is that of the stream; so many may wait before no more are taken.
    init(
        _ desk: ServiceDesk,
        mailroom: Mailroom,
        metrics: ServiceMetrics,
        executor: StreamExecutor,
        capacity: Int = TrafficLimits().waitingSubscriptions
    ) {
        self.desk = desk
        self.mailroom = mailroom
        self.metrics = metrics
        self.executor = executor
        self.capacity = capacity
    }

    /// Whether a request may wait in line: its sender subscribes or leaves and says no more, so that
    /// as many as may wait take little memory.
    static func takes(_ request: IQ) -> Bool {
        guard request.type == .set, request.xmlLang?.utf8.count ?? 0 <= longestLanguage,
            let payload = request.payload, payload.isNamed("pubsub", in: .pubsub),
            payload.attributes.isEmpty, payload.children.count == 1,
            case .element(let action) = payload.children[0], action.children.isEmpty,
            action.name == "subscribe" || action.name == "unsubscribe"
        else { return false }
        let length = action.attributes.reduce(0) { length, attribute in
            length + attribute.name.rawValue.utf8.count + attribute.value.utf8.count
        }
        return length <= longestAction
    }

    /// In bytes: more than a node, an address and a subscription's id have together.
    private static let longestAction = 5_000
    /// In bytes, of an `xml:lang`.
    private static let longestLanguage = 100

    /// Adds requests to the line; their answers go to the stream, after those of all before them.
    nonisolated(nonsending) func add(_ requests: [IQ], on stream: any StanzaStream) async {
        let isFull = state.withLock { state in
            state.waiting += requests
            beginNext(&state)
            if state.collecting == nil {
                state.collecting = Task(executorPreference: executor) { [self] in
                    await collect(on: stream)
                }
            }
            return state.waiting.count >= capacity
        }
        if isFull { await finish() }
    }

    /// Returns when nobody waits, and all answers are in the hands of the mailroom.
    nonisolated(nonsending) func finish() async {
        await state.withLock { $0.collecting }?.value
    }

    // MARK: -

    /// Serves all who wait, and those who come meanwhile.
    private nonisolated(nonsending) func collect(on stream: any StanzaStream) async {
        while let transaction = state.withLock({ takeNext(&$0) }) {
            await mailroom.carryOut(await transaction.value, on: stream)
        }
    }

    /// The next transaction; another comes after it if somebody waits, and it is the last if not.
    private func takeNext(_ state: inout State) -> Task<[PubSubEffect], Never>? {
        beginNext(&state)
        guard let next = state.next else {
            state.collecting = nil
            return nil
        }
        state.next = nil
        // That one may have begun, and others have come, before anybody collected.
        beginNext(&state)
        return next
    }

    private func beginNext(_ state: inout State) {
        guard state.next == nil, !state.willTake, !state.waiting.isEmpty else { return }
        state.willTake = true
        state.next = Task(executorPreference: executor) { [self] in await transact() }
    }

    /// Serves those who wait by the time the transaction begins.
    ///
    /// If it fails, it is repeated for each of them before anybody else writes.
    private nonisolated(nonsending) func transact() async -> [PubSubEffect] {
        let hand = Hand()
        defer {
            if let begin = hand.taken.withLock({ $0?.begin }) {
                metrics.batchTime.record(duration: begin.duration(to: .now))
            }
        }
        do {
            return try await desk.store.write(
                { [self] transaction in
                    try serve(hand) { requests in
                        try desk.portion(of: requests, at: desk.service, in: transaction)
                    }
                },
                orElse: { [self] transaction, error in
                    try serve(hand) { requests in
                        try desk.oneByOne(
                            requests,
                            at: desk.service,
                            in: transaction,
                            after: error
                        )
                    }
                }
            )
        } catch {
            return desk.failures(of: take(hand)[...], after: error).effects
        }
    }

    /// Those for whom there is no room among the answers are put back, before all others.
    private func serve(
        _ hand: Hand,
        _ answer: (ArraySlice<IQ>) throws -> ServiceDesk.Portion
    ) rethrows -> [PubSubEffect] {
        let requests = take(hand)
        let portion = try answer(requests[...])
        let rest = requests.dropFirst(portion.count)
        if !rest.isEmpty {
            hand.taken.withLock { $0?.requests = Array(requests.prefix(portion.count)) }
            state.withLock { $0.waiting.insert(contentsOf: rest, at: 0) }
        }
        return portion.effects
    }

    /// Takes all who wait, unless the hand has taken before.
    private func take(_ hand: Hand) -> [IQ] {
        hand.taken.withLock { taken in
            if let taken { return taken.requests }
            let requests = state.withLock { state in
                state.willTake = false
                defer { state.waiting = [] }
                return state.waiting
            }
            taken = (requests, .now)
            return requests
        }
    }
}
