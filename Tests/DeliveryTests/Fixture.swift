import Component
import Foundation
import Logging
import Storage
import Synchronization
import XML
import XMPP

@testable import Delivery

/// A value that the tests know to be right.
func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the tests' own value is wrong") }
    return value
}

/// A server that is only a script: it notes what it is sent, and answers pings or not.
final class ScriptedStream: StanzaStream {
    /// When pings are answered.
    enum Answers: Sendable {
        case always, never
        /// The first so many, and no more.
        case first(Int)
        /// With an error, as a server does that knows no pings.
        case withErrors
    }

    private struct State {
        var bytes: [UInt8] = []
        var writes = 0
        var pings = 0
        var ages = 0
        var isOver = false
    }

    private let answers: Answers
    /// For how many seconds the server has been running; nil if it does not tell.
    private let age: Int?
    /// How often nothing comes of the question for it.
    private let lostAges: Int
    /// How long ago it lived for certain, besides what its answers prove; nil if nobody knows.
    private let lived: Duration?
    private let diesAtAge: Bool
    private let beforeAge: @Sendable () async -> Void
    private let beforeRequest: @Sendable (IQ) async -> Void
    private let diesAtWrite: Int?
    private let beforeWrite: @Sendable (Int) async -> Void
    private let state = Mutex(State())
    private let end = StreamEnd.lost(.disconnected)

    /// `beforeWrite` is called with the number of the write, from 1, before it happens, `beforeAge`
    /// between the question for the age and its answer, `beforeRequest` with every question before it is
    /// answered.
    init(
        answers: Answers = .always,
        age: Int? = nil,
        lostAges: Int = 0,
        lived: Duration? = nil,
        diesAtAge: Bool = false,
        diesAtWrite: Int? = nil,
        beforeWrite: @escaping @Sendable (Int) async -> Void = { _ in },
        beforeAge: @escaping @Sendable () async -> Void = {},
        beforeRequest: @escaping @Sendable (IQ) async -> Void = { _ in }
    ) {
        self.answers = answers
        self.age = age
        self.lostAges = lostAges
        self.lived = lived
        self.diesAtAge = diesAtAge
        self.beforeAge = beforeAge
        self.beforeRequest = beforeRequest
        self.diesAtWrite = diesAtWrite
        self.beforeWrite = beforeWrite
    }

    var lastLife: ContinuousClock.Instant? { lived.map { .now - $0 } }
    var pings: Int { state.withLock { $0.pings } }
    var writes: Int { state.withLock { $0.writes } }

    /// What was sent, read again as the server would.
    func messages() throws -> [Message] {
        let bytes = state.withLock { $0.bytes }
        let parser = Parser()
        var events: [Parser.Event] = []
        events += try parser.parse("<stream xmlns='jabber:component:accept'>".utf8)
        events += try parser.parse(bytes)
        return try events.compactMap { event in
            guard case .element(let element) = event else { return nil }
            return try Message(element)
        }
    }

    private func answerToAge(_ iq: IQ) -> IQ {
        guard let age else { return iq.reply(error: StanzaError(.serviceUnavailable)) }
        return iq.reply(with: Element("query", in: .lastActivity, ["seconds": "\(age)"]))
    }

    func send(_ stanza: Stanza) async throws(StreamClosed) {
        try await write(Array(stanza.element().xml(inheriting: .componentAccept).utf8))
    }

    func write(_ bytes: [UInt8]) async throws(StreamClosed) {
        let number = state.withLock { state in
            state.writes += 1
            return state.writes
        }
        await beforeWrite(number)
        let isOver = state.withLock { state in
            if number == diesAtWrite { state.isOver = true }
            if !state.isOver { state.bytes += bytes }
            return state.isOver
        }
        if isOver { throw StreamClosed(end: end) }
    }

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        await beforeRequest(iq)
        if iq.payload?.namespace == .lastActivity {
            await beforeAge()
            if diesAtAge { throw .streamClosed(end) }
            let number = state.withLock { state in
                state.ages += 1
                return state.ages
            }
            guard number > lostAges else { return try await waitInVain(timeout) }
            return answerToAge(iq)
        }
        let (number, isOver) = state.withLock { state in
            state.pings += 1
            return (state.pings, state.isOver)
        }
        if isOver { throw .streamClosed(end) }
        switch answers {
        case .always: return iq.reply()
        case .withErrors: return iq.reply(error: StanzaError(.featureNotImplemented))
        case .first(let count) where number <= count: return iq.reply()
        case .first, .never: return try await waitInVain(timeout)
        }
    }

    private func waitInVain(_ timeout: Duration?) async throws(RequestFailure) -> IQ {
        do {
            try await Task.sleep(for: timeout ?? .seconds(30))
        } catch {
            throw .streamClosed(.closedByUs)
        }
        throw .timedOut
    }
}

/// A service with one node, its database in a file.
final class Newsstand: Sendable {
    let path: String
    let store: Store
    let node: NodeRowID

    init() async throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "broadsheet-\(UUID().uuidString).sqlite").path
        store = try Store(path: path)
        node = try await store.write { transaction in
            let name = known(NodeID(rawValue: "verse"))
            return known(
                try transaction.createNode(
                    NewNode(
                        name: name,
                        configuration: NodeConfiguration(language: "it"),
                        createdAt: .now
                    )
                )
            ).id
        }
    }

    deinit {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    /// Subscribes `r1` to `r<count>`; readers whose number divides by three read in a chat window.
    func subscribe(_ numbers: ClosedRange<Int>, onlyEvents: Bool = false) async throws {
        try await store.write { [node] transaction in
            for number in numbers {
                let isChat = number.isMultiple(of: 3) && !onlyEvents
                _ = try transaction.subscribe(
                    try JID("r\(number)@verona.lit"),
                    to: node,
                    choice: DeliveryChoice(form: isChat ? .chat : .event),
                    at: .now
                )
            }
        }
    }

    @discardableResult
    func publish(
        _ item: String = "issue",
        kinds: [VariantKind] = [.event, .chat(.short)],
        saying content: String? = nil,
        at date: Date = .now
    ) async throws -> FanOutRecord {
        let variants = kinds.map { $0.sample(about: content ?? item) }
        return try await store.write { [node] transaction in
            try transaction.startFanOut(
                NewFanOut(node: node, item: known(ItemID(rawValue: item)), variants: variants),
                at: date
            )
        }
    }

    func fanOut(_ id: FanOutRowID) async throws -> FanOutRecord {
        known(try await store.read { try $0.fanOut(id) })
    }

    func dispatcher(
        batch: Int = 10,
        window: Int = 4,
        barrierTimeout: Duration = .milliseconds(50),
        pace: Int = 0,
        deadline: Duration = .zero,
        failureExpiry: Duration? = nil,
        multicast: DeliverySettings.Multicast = .off,
        largestStanza: Int = 500_000,
        time: TestTime? = nil,
        bootID: String? = "one",
        report: @escaping @Sendable (DeliveryEvent) async -> Void = { _ in }
    ) throws -> Dispatcher {
        var settings = DeliverySettings()
        settings.batchSize = batch
        settings.window = window
        settings.barrierTimeout = barrierTimeout
        settings.pace = pace
        settings.deadline = deadline
        settings.failureExpiry = failureExpiry ?? settings.failureExpiry
        settings.multicast = multicast
        settings.multicastBytes = 1
        settings.largestStanza = largestStanza
        let clock = time.map { time in BootClock(bootID: bootID) { time.uptime } }
        return Dispatcher(
            store: store,
            domain: try JID("news.verona.lit"),
            pingTarget: try JID("verona.lit"),
            settings: settings,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            now: { time?.now ?? Date() },
            bootClock: clock ?? .system,
            report: report
        )
    }
}

extension VariantKind {
    /// A message of this kind, serialised but for its reader.
    func sample(about item: String) -> VariantRecord {
        switch self {
        case .event, .eventWithBody:
            VariantRecord(
                kind: self,
                first: VariantRecord.Part(
                    head: Array("<message from='news.verona.lit' type='normal'".utf8),
                    tail: Array(
                        "><event xmlns='\(Namespace.pubsubEvent.rawValue)'>\(item)</event></message>"
                            .utf8
                    )
                )
            )
        case .chat, .room, .replacement:
            VariantRecord(kind: self, first: Self.chatMessage(item))
        }
    }

    /// A plain message, serialised but for its reader.
    static func chatMessage(_ text: String) -> VariantRecord.Part {
        VariantRecord.Part(
            head: Array("<message from='verse@news.verona.lit' type='chat'".utf8),
            tail: Array("><body>\(text)</body></message>".utf8)
        )
    }
}

/// Collects what a delivery tells.
actor Listener {
    private(set) var events: [DeliveryEvent] = []

    func hear(_ event: DeliveryEvent) {
        events.append(event)
    }

    var finished: [DeliveryReport] {
        events.compactMap { event in
            if case .finished(let report) = event { report } else { nil }
        }
    }

    func waitUntilFinished(_ count: Int = 1) async throws {
        while finished.count < count {
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

extension Dispatcher {
    /// Notes one error, as if it had come alone.
    func bounced(_ message: Message) async throws -> Bounce? {
        try await bounced([message]).first
    }
}

/// Runs the dispatcher on the stream until `count` fan-outs are finished; `end` is that of the stream
/// before, unless it was told already.
func deliver(
    with dispatcher: Dispatcher,
    on stream: any StanzaStream,
    after end: StreamEnd? = nil,
    until listener: Listener,
    finished count: Int = 1
) async throws {
    if let end { await dispatcher.streamEnded(end) }
    try await withThrowingTaskGroup { group in
        group.addTask { try await dispatcher.run(on: stream) }
        group.addTask { try await listener.waitUntilFinished(count) }
        try await group.next()
        group.cancelAll()
    }
}

/// A time of day that moves only when told.
final class TestTime: Sendable {
    private struct State {
        var date: Date
        var uptime = Duration.zero
    }

    private let state: Mutex<State>

    init(at date: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        state = Mutex(State(date: date))
    }

    var now: Date { state.withLock { $0.date } }
    var uptime: Duration { state.withLock { $0.uptime } }

    func advance(by seconds: Double) {
        state.withLock { state in
            state.date += seconds
            state.uptime += .seconds(seconds)
        }
    }

    /// What an operator does, or the network's time: nothing has passed.
    func set(by seconds: Double) {
        state.withLock { $0.date += seconds }
    }
}

extension Dispatcher {
    /// Writes to all who are due, at no pace.
    func retry(on stream: any StanzaStream) async throws {
        var queue = RetryQueue()
        var messages = MessageWriter(settings, serverDomain: barrier.target.domainpart)
        while !queue.isOver {
            _ = try await retry(&queue, &messages, on: stream)
        }
    }
}
