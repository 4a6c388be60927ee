import Clocks
import Component
import Foundation
import Logging
import Synchronization
import Testing
import XMPP

@testable import Daemon
@testable import Delivery
@testable import Storage

@Suite("What comes back from readers", .timeLimit(.minutes(2)))
struct ReturnedMessagesTests {
    private final class Said: Sendable {
        private let number = Mutex(0)

        var count: Int { number.withLock { $0 } }

        func add(_ count: Int) {
            number.withLock { $0 += count }
        }
    }

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let store: Store
    private let dispatcher: Dispatcher
    private let fanOut: FanOutRecord
    private let clock = ManualClock()

    init() async throws {
        let store = try Store.inMemory()
        self.store = store
        dispatcher = Dispatcher(
            store: store,
            domain: try JID("news.verona.lit"),
            pingTarget: try JID("verona.lit"),
            logger: logger
        )
        let name = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "issue"))
        let new = NewNode(name: name, configuration: NodeConfiguration(), createdAt: .now)
        fanOut = try await store.write { transaction in
            let node = try #require(try transaction.createNode(new))
            for number in 1...300 {
                let reader = try JID("r\(number)@verona.lit")
                _ = try transaction.subscribe(
                    reader,
                    to: node.id,
                    choice: DeliveryChoice(form: .event),
                    at: .now
                )
            }
            let part = VariantRecord.Part(head: Array("<message".utf8), tail: Array("/>".utf8))
            return try transaction.startFanOut(
                NewFanOut(
                    node: node.id,
                    item: item,
                    variants: [VariantRecord(kind: .event, first: part)]
                ),
                at: .now
            )
        }
    }

    private func returned(capacity: Int = 10_000) -> ReturnedMessages {
        ReturnedMessages(
            ReturnedMessages.Desk(
                genuine: { [dispatcher] in try await dispatcher.genuine($0) },
                note: { [dispatcher] in
                    try await dispatcher.bounced($0).map {
                        Message(.chat, to: $0.reader.jid, body: "noted")
                    }
                }
            ),
            capacity: capacity,
            clock: clock,
            logger: logger
        )
    }

    /// What a server says of a reader it can't reach, the message enclosed.
    private func error(from number: Int, as sender: Int? = nil) throws -> Message {
        let place = StanzaIDCodec.Place(subscription: SubscriptionRowID(rawValue: Int64(number)))
        return Message(
            .error,
            id: StanzaIDCodec(key: fanOut.key).id(for: place),
            from: try JID("r\(sender ?? number)@verona.lit"),
            body: "issue"
        ) {
            StanzaError(.remoteServerTimeout).element
        }
    }

    /// Lets nothing be noted, or nothing of one reader.
    private func spoil(_ number: Int? = nil) async throws {
        try await store.write { transaction in
            try transaction.run(
                """
                CREATE TEMP TRIGGER broken BEFORE INSERT ON deliveryException
                WHEN \(number.map { "NEW.jid = 'r\($0)@verona.lit'" } ?? "1")
                BEGIN SELECT raise(ABORT, 'the disk is tired'); END
                """
            )
        }
    }

    private func mend() async throws {
        try await store.write { try $0.run("DROP TRIGGER broken") }
    }

    private func noted() async throws -> Set<String> {
        let records = try await store.read { [fanOut] in try $0.exceptions(of: fanOut.id) }
        return Set(records.map(\.jid.description))
    }

    @Test("what comes back while the database can't be written is noted when it can")
    func trouble() async throws {
        let returned = returned()
        try await spoil()
        #expect(await returned.take([try error(from: 1)]).isEmpty)
        // Much, and some from those it had not gone to.
        let many = try (2...290).map { try error(from: $0) }
        let others = try (291...295).map { try error(from: $0, as: 1) }
        #expect(await returned.take(many + others).isEmpty)
        #expect(await returned.count == 290)
        let said = Said()
        let run = Task { await returned.run { said.add($0.count) } }
        while clock.sleepers == 0 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(try await noted().isEmpty)
        try await mend()
        clock.advance(by: .milliseconds(500))
        while said.count < 290 { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        await run.value
        #expect(try await noted().count == 290)
        #expect(said.count == 290)
        #expect(await returned.count == 0)
        #expect(await returned.take([try error(from: 300)]).count == 1)
    }

    @Test("what no stream is there for any more waits for the next one")
    func nextStream() async throws {
        let returned = returned()
        try await spoil()
        _ = await returned.take([try error(from: 1)])
        let first = Task { await returned.run { _ in } }
        while clock.sleepers == 0 { try await Task.sleep(for: .milliseconds(2)) }
        first.cancel()
        await first.value
        try await mend()
        let second = Task { await returned.run { _ in } }
        while await returned.count > 0 { try await Task.sleep(for: .milliseconds(2)) }
        second.cancel()
        await second.value
        #expect(try await noted() == ["r1@verona.lit"])
    }

    @Test("one that can never be noted keeps no other back")
    func poison() async throws {
        let returned = returned()
        try await spoil(3)
        #expect(await returned.take(try (1...20).map { try error(from: $0) }).isEmpty)
        let run = Task { await returned.run { _ in } }
        while await returned.count > 1 {
            clock.advance(by: .seconds(30))
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(try await noted().count == 19)
        try await mend()
        while await returned.count > 0 {
            clock.advance(by: .seconds(30))
            try await Task.sleep(for: .milliseconds(2))
        }
        run.cancel()
        await run.value
        #expect(try await noted().count == 20)
    }

    @Test("whoever says the same again and again takes nobody's room")
    func again() async throws {
        let returned = returned(capacity: 3)
        try await spoil()
        for _ in 1...50 { _ = await returned.take([try error(from: 1)]) }
        _ = await returned.take(try [1, 2, 2, 1, 3].map { try error(from: $0) })
        #expect(await returned.count == 3)
        try await mend()
        let run = Task { await returned.run { _ in } }
        while await returned.count > 0 { try await Task.sleep(for: .milliseconds(2)) }
        // Nothing is remembered of them.
        try await spoil()
        _ = await returned.take([try error(from: 2)])
        #expect(await returned.count == 0, "it is noted already")
        _ = await returned.take([try error(from: 4)])
        #expect(await returned.count == 1)
        run.cancel()
        await run.value
        #expect(try await noted() == ["r1@verona.lit", "r2@verona.lit", "r3@verona.lit"])
    }

    @Test("no more of them wait than may, the first ones")
    func bound() async throws {
        let returned = returned(capacity: 3)
        try await spoil()
        for number in 1...5 { _ = await returned.take([try error(from: number)]) }
        #expect(await returned.count == 3)
        try await mend()
        let run = Task { await returned.run { _ in } }
        while await returned.count > 0 { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        await run.value
        #expect(try await noted() == ["r1@verona.lit", "r2@verona.lit", "r3@verona.lit"])
    }
}
