import Component
import PubSub
import Synchronization
import XMPP

/// The requests that wait for a transaction: those that come while one is under way make up the next,
/// which begins the moment it ends.
///
/// Otherwise the database would stand still, after each transaction, until the stream's thread has
/// heard of its end and brought more.
final class RequestLine: Sendable {
    /// So many batches, each of them of one read, may wait: then whoever brings more waits as well.
    static let capacity = 16

    /// What one transaction has taken; nothing as long as it has not begun.
    private final class Hand: Sendable {
        let requests = Mutex<[IQ]?>(nil)
    }

    private struct State {
        var waiting: [IQ] = []
        /// In how many batches they came.
        var batches = 0
        /// The transaction after that whose answers are collected at the moment.
        var next: Task<[PubSubEffect], Never>?
        /// Whether it has yet to take what waits.
        var willTake = false
        /// Collects the answers, as long as there are any to come.
        var collecting: Task<Void, Never>?
    }

    private let desk: ServiceDesk
    private let mailroom: Mailroom
    private let executor: StreamExecutor
    /// A lock rather than an actor: the database's thread takes requests, and may not wait for one.
    private let state = Mutex(State())

    /// The executor is that of the stream.
    init(_ desk: ServiceDesk, mailroom: Mailroom, executor: StreamExecutor) {
        self.desk = desk
        self.mailroom = mailroom
        self.executor = executor
    }

    var isEmpty: Bool { state.withLock { $0.collecting == nil } }

    /// Adds requests to the line; their answers go to the stream, after those of all before them.
    nonisolated(nonsending) func add(_ requests: [IQ], on stream: any StanzaStream) async {
        let isLong = state.withLock { state in
            state.waiting += requests
            state.batches += 1
            beginNext(&state)
            if state.collecting == nil {
                state.collecting = Task(executorPreference: executor) { [self] in
                    await collect(on: stream)
                }
            }
            return state.batches >= Self.capacity
        }
        if isLong { await finish() }
    }

    /// Returns when nobody waits and all that was answered is on its way.
    nonisolated(nonsending) func finish() async {
        await state.withLock { $0.collecting }?.value
    }

    // MARK: -

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
        beginNext(&state)
        return next
    }

    private func beginNext(_ state: inout State) {
        guard state.next == nil, !state.willTake, !state.waiting.isEmpty else { return }
        state.willTake = true
        state.next = Task(executorPreference: executor) { [self] in await transact() }
    }

    /// Answers those who wait by the time the transaction begins.
    private nonisolated(nonsending) func transact() async -> [PubSubEffect] {
        let hand = Hand()
        do {
            return try await desk.store.write { [self] transaction in
                let requests = take(hand)
                let portion = try desk.portion(of: requests[...], in: transaction)
                putBack(requests.dropFirst(portion.count), from: hand)
                return portion.effects
            }
        } catch {
            let requests = hand.requests.withLock { $0 } ?? take(hand)
            let portion = await desk.oneByOne(requests[...], after: error)
            putBack(requests.dropFirst(portion.count), from: hand)
            return portion.effects
        }
    }

    private func take(_ hand: Hand) -> [IQ] {
        let requests = state.withLock { state in
            state.willTake = false
            state.batches = 0
            defer { state.waiting = [] }
            return state.waiting
        }
        hand.requests.withLock { $0 = requests }
        return requests
    }

    /// Those for whom there was no room among the answers come first the next time.
    private func putBack(_ rest: ArraySlice<IQ>, from hand: Hand) {
        guard !rest.isEmpty else { return }
        hand.requests.withLock { $0?.removeLast(rest.count) }
        state.withLock { $0.waiting.insert(contentsOf: rest, at: 0) }
    }
}
