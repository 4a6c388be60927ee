import Component
import Delivery
import Foundation
import Logging
import PubSub
@testable import Storage
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

    init() async throws {
        store = try Store.inMemory()
        domain = try JID("news.verona.lit")
        let service = PubSubService(domain: domain)
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
        return (RequestLine(desk, mailroom: mailroom, executor: executor), mailroom)
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

    /// The answers in the order in which they were written, one list for each write.
    private func answers() throws -> [[IQ]] {
        try wire.writes.map { text in
            let all = try Element(xml: "<all xmlns='jabber:component:accept'>\(text)</all>")
            return try all.elements.map { try IQ($0) }
        }
    }

    /// Keeps the database busy until the stream ends.
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

    @Test("those that come while another transaction is under way are answered by one, in order")
    func together() async throws {
        let (line, mailroom) = try line(desk)
        let gate = await occupy(store)
        for number in 1...3 {
            await line.add([try subscribe(number)], on: wire)
        }
        await line.add([try request(.get, 3, "<subscriptions/>")], on: wire)
        #expect(!line.isEmpty)
        #expect(wire.writes.isEmpty)
        gate.signal()
        await line.finish()
        await mailroom.finish()
        #expect(line.isEmpty)
        let answers = try answers()
        #expect(answers.map { $0.map(\.id) } == [["1", "2", "3", "3"]])
        let subscriptions = answers[0][3].payload?.child("subscriptions")
        #expect(subscriptions?.children("subscription").count == 1)
    }

    @Test("one that begins takes what has come, and leaves what comes later to the next")
    func later() async throws {
        let (line, mailroom) = try line(desk)
        let gate = await occupy(store)
        await line.add([try subscribe(1)], on: wire)
        gate.signal()
        await line.finish()
        await line.add([try subscribe(2)], on: wire)
        await line.finish()
        await mailroom.finish()
        #expect(try answers().map { $0.map(\.id) } == [["1"], ["2"]])
    }

    @Test("whoever brings more than may wait waits until all is answered")
    func full() async throws {
        let (line, mailroom) = try line(desk)
        let gate = await occupy(store)
        let last = RequestLine.capacity
        for number in 1..<last {
            await line.add([try subscribe(number)], on: wire)
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { gate.signal() }
        await line.add([try subscribe(last)], on: wire)
        #expect(line.isEmpty)
        await mailroom.finish()
        #expect(try answers().joined().map(\.id) == (1...last).map(String.init))
    }

    @Test("those for whom there is no room among the answers come with the next, in order")
    func portions() async throws {
        let node = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "long"))
        try await store.write { [desk, domain] transaction in
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
        let gate = await occupy(store)
        for first in [1, 6] {
            let batch = try (first..<first + 5).map { number in
                try number.isMultiple(of: 5)
                    ? subscribe(number) : request(.get, number, "<items node='verse'/>")
            }
            await line.add(batch, on: wire)
        }
        gate.signal()
        await line.finish()
        await mailroom.finish()
        let answers = try answers()
        #expect(answers.count > 2)
        #expect(answers.joined().map(\.id) == (1...10).map(String.init))
        #expect(answers.joined().allSatisfy { $0.type == .result })
    }

    @Test("what no rule foresees is told to the one who met it; the others are answered")
    func broken() async throws {
        let (line, mailroom) = try line(desk)
        await line.add([try subscribe(1)], on: wire)
        await line.finish()
        // Nobody here writes such a word; only the second request reads it.
        try await store.write { try $0.run("UPDATE subscription SET form = 'pigeon'") }
        let batch = try [subscribe(2), request(.get, 1, "<subscriptions/>"), subscribe(3)]
        await line.add(batch, on: wire)
        await line.add([try subscribe(4)], on: wire)
        await line.finish()
        await mailroom.finish()
        let answers = try answers().joined().dropFirst()
        #expect(Set(answers.map(\.id)) == ["1", "2", "3", "4"])
        #expect(answers.count { $0.type == .result } == 3)
        let failed = answers.filter { $0.type == .error }
        #expect(failed.map(\.id) == ["1"])
        #expect(failed.first?.error?.condition == .internalServerError)
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
