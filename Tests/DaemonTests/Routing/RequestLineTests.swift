import Component
import Delivery
import Foundation
import Logging
import PubSub
@testable import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Requests that wait for a transaction")
struct RequestLineTests {
    let store: Store
    let desk: ServiceDesk
    let domain: JID
    let wire = RecordingStream()
    let clock: StoppedClock

    init() async throws {
        store = try Store.inMemory()
        domain = try JID("news.verona.lit")
        let clock = StoppedClock()
        let service = PubSubService(domain: domain) { clock.now() }
        self.clock = clock
        desk = ServiceDesk(service: service, store: store, logger: Self.logger)
        let node = try #require(NodeID(rawValue: "verse"))
        try await store.write { transaction in
            _ = try service.ensureNode(NodeDefinition(id: node, title: "Verse"), in: transaction)
        }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func line(_ desk: ServiceDesk) throws -> (RequestLine, Mailroom) {
        let executor = StreamExecutor()
        let outbox = Outbox(
            dispatcher: Dispatcher(
                store: desk.store,
                domain: domain,
                pingTarget: try JID("verona.lit"),
                logger: Self.logger
            ),
            metrics: ServiceMetrics(),
            longestStanza: 100_000
        )
        let mailroom = Mailroom(outbox, executor: executor)
        let line = RequestLine(
            desk,
            mailroom: mailroom,
            metrics: ServiceMetrics(),
            executor: executor
        )
        return (line, mailroom)
    }

    private func request(_ type: IQ.IQType, _ number: Int, _ child: String) throws -> IQ {
        let payload = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>\(child)</pubsub>"
        let reader = try JID("r\(number)@verona.lit")
        let element = try Element(xml: payload)
        return IQ(type, id: "\(number)", from: reader, to: domain, payload: element)
    }

    private func subscribe(_ number: Int) throws -> IQ {
        try request(.set, number, "<subscribe node='verse' jid='r\(number)@verona.lit'/>")
    }

    private func readers() async throws -> [String] {
        let node = try #require(NodeID(rawValue: "verse"))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            return try transaction.subscriptions(to: record.id).map(\.jid.description)
        }
    }

    /// The answers in the order in which they were written, one list for each write.
    private func answers() throws -> [[IQ]] {
        try wire.writes.map { text in
            let all = try Element(xml: "<all xmlns='jabber:component:accept'>\(text)</all>")
            return try all.elements.filter { $0.name == "iq" }.map { try IQ($0) }
        }
    }

    /// Keeps the database busy until it is let go.
    private func occupy(_ store: Store) async -> DispatchSemaphore {
        let (begun, tell) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        Task {
            try await store.write { _ in
                tell.finish()
                gate.wait()
            }
        }
        for await _ in begun {}
        return gate
    }

    @Test("those that come before a transaction begins are served by it, in order")
    func together() async throws {
        let (line, mailroom) = try line(desk)
        let gate = await occupy(store)
        for number in 1...3 {
            await line.add([try subscribe(number)], on: wire)
        }
        await line.add(
            [try request(.set, 2, "<unsubscribe node='verse' jid='r2@verona.lit'/>")],
            on: wire
        )
        #expect(wire.writes.isEmpty)
        gate.signal()
        await line.finish()
        await mailroom.finish()
        #expect(try answers().map { $0.map(\.id) } == [["1", "2", "3", "2"]])
        #expect(try await readers() == ["r1@verona.lit", "r3@verona.lit"])
    }

    @Test("those that come while it is under way are served by the next, which waits already")
    func next() async throws {
        let (line, mailroom) = try line(desk)
        clock.stop()
        await line.add([try subscribe(1)], on: wire)
        await clock.isAsked()
        for number in 2...3 {
            await line.add([try subscribe(number)], on: wire)
        }
        try await Task.sleep(for: .milliseconds(100))
        // Whoever writes now comes after both.
        let others = Task { [store] in
            try await store.write { try $0.count("SELECT count(*) FROM subscription", []) }
        }
        try await Task.sleep(for: .milliseconds(50))
        clock.goOn()
        #expect(try await others.value == 3)
        await line.finish()
        await mailroom.finish()
        #expect(try answers().map { $0.map(\.id) } == [["1"], ["2", "3"]])
    }

    @Test("whoever brings more than may wait waits until all is answered")
    func full() async throws {
        let (line, mailroom) = try line(desk)
        let gate = await occupy(store)
        let last = TrafficLimits().waitingSubscriptions
        await line.add(try (1..<last).map(subscribe), on: wire)
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { gate.signal() }
        await line.add([try subscribe(last)], on: wire)
        await mailroom.finish()
        #expect(try answers().joined().map(\.id) == (1...last).map(String.init))
    }

    @Test("those for whom there is no room among the answers come with the next, in order")
    func portions() async throws {
        // With each answer goes the newest item.
        let node = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "long"))
        try await store.write { [desk, domain] transaction in
            var record = try #require(try transaction.node(named: node))
            record.configuration.lastItemPolicy = .onSubscription
            try transaction.updateNode(record)
            _ = try desk.service.publish(
                PublishedItem(
                    id: item,
                    payload: Element("verse", in: "urn:verse") {
                        String(repeating: "o", count: 40_000)
                    },
                    publisher: domain,
                    chatSender: domain
                ),
                to: node,
                in: transaction
            )
        }
        var desk = desk
        desk.portionSize = 100_000
        let (line, mailroom) = try line(desk)
        clock.stop()
        await line.add(try (1...5).map(subscribe), on: wire)
        await clock.isAsked()
        await line.add(try (6...10).map(subscribe), on: wire)
        clock.goOn()
        await line.finish()
        await mailroom.finish()
        let answers = try answers()
        #expect(answers.count == 4)
        #expect(answers.joined().map(\.id) == (1...10).map(String.init))
        #expect(answers.joined().allSatisfy { $0.type == .result })
    }

    @Test("what no rule foresees is told to the one who met it, before anybody else is served")
    func broken() async throws {
        let (line, mailroom) = try line(desk)
        await line.add([try subscribe(1)], on: wire)
        await line.finish()
        // Nobody here writes such a word; it is read by whoever subscribes again.
        try await store.write { try $0.run("UPDATE subscription SET form = 'pigeon'") }
        clock.stop()
        await line.add(try [2, 1].map(subscribe), on: wire)
        await clock.isAsked()
        // Would find nothing to leave if it came before.
        let leaving = try request(.set, 2, "<unsubscribe node='verse' jid='r2@verona.lit'/>")
        await line.add([leaving], on: wire)
        clock.goOn()
        await line.finish()
        await mailroom.finish()
        let answers = try answers().joined().dropFirst()
        #expect(answers.map(\.id) == ["2", "1", "2"])
        #expect(answers.map(\.type) == [.result, .error, .result])
        #expect(answers.dropFirst().first?.error?.condition == .internalServerError)
    }

    @Test("a transaction that can't begin is told to those who wait for it; the next are served")
    func notBegun() async throws {
        let (line, mailroom) = try line(desk)
        // `BEGIN IMMEDIATE` fails from now on.
        try await store.write { try $0.run("PRAGMA query_only = 1") }
        await #expect(throws: (any Error).self) { try await store.write { _ in } }
        await line.add([try subscribe(1), try subscribe(2)], on: wire)
        await line.finish()
        // A database in memory has one connection, which may write again after each read.
        try await store.read { _ in }
        await line.add([try subscribe(3)], on: wire)
        await line.finish()
        await mailroom.finish()
        let answers = try answers().joined()
        #expect(answers.map(\.id) == ["1", "2", "3"])
        #expect(answers.map(\.type) == [.error, .error, .result])
    }
}

extension RequestLineTests {
    @Test(
        "only who subscribes or leaves and says no more may wait",
        arguments: [
            ("<subscribe node='verse' jid='r1@verona.lit'/>", true),
            ("<unsubscribe node='verse' jid='r1@verona.lit'/>", true),
            ("<subscribe node='verse' jid='r1@verona.lit'><x/></subscribe>", false),
            ("<subscribe node='verse' jid='r1@verona.lit'/><options/>", false),
            ("<subscribe node='verse' jid='r1@verona.lit'/> ", false),
            ("<publish node='verse'/>", false),
            ("<items node='verse'/>", false),
            ("<subscribe node='\(String(repeating: "x", count: 5_000))'/>", false),
        ]
    )
    func brief(child: String, takes: Bool) throws {
        #expect(RequestLine.takes(try request(.set, 1, child)) == takes)
        #expect(!RequestLine.takes(try request(.get, 1, child)))
    }
}

/// A clock that can be stopped: who asks what time it is waits.
final class StoppedClock: Sendable {
    private let gate = Mutex<DispatchSemaphore?>(nil)
    private let asked = Mutex<AsyncStream<Void>.Continuation?>(nil)
    private let asking = Mutex<AsyncStream<Void>?>(nil)

    func stop() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        asking.withLock { $0 = stream }
        asked.withLock { $0 = continuation }
        gate.withLock { $0 = DispatchSemaphore(value: 0) }
    }

    /// Returns when somebody waits.
    func isAsked() async {
        guard let stream = asking.withLock({ $0 }) else { return }
        for await _ in stream { break }
    }

    func goOn() {
        let waiting = gate.withLock { gate in
            defer { gate = nil }
            return gate
        }
        waiting?.signal()
    }

    func now() -> Date {
        if let gate = gate.withLock({ $0 }) {
            asked.withLock { _ = $0?.yield() }
            gate.wait()
        }
        return Date()
    }
}
