import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Who could not be reached long ago")
struct OldExceptionsTests {
    let store: Store
    let verse: NodeRowID
    let juliet: SubscriptionRecord
    let romeo: SubscriptionRecord

    init() async throws {
        store = try Store.inMemory()
        verse = try await store.makeNode()
        juliet = try await store.subscribe(.juliet, to: verse)
        romeo = try await store.subscribe(.romeo, to: verse)
    }

    /// Begins then, and is over ten seconds later.
    @discardableResult
    private func send(
        _ kind: VariantKind = .event,
        at seconds: TimeInterval,
        isOver: Bool = true
    ) async throws -> FanOutRecord {
        let new = NewFanOut(node: verse, item: .first, variants: [.sample(kind)])
        return try await store.write { transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(seconds))
            if isOver { try transaction.finishFanOut(fanOut.id, at: moment(seconds + 10)) }
            return fanOut
        }
    }

    private func fail(
        _ reader: SubscriptionRecord,
        in fanOut: FanOutRecord,
        as kind: DeliveryExceptionRecord.Kind = .failed,
        _ condition: StanzaError.Condition = .serviceUnavailable,
        dueAt due: Date? = nil,
        at seconds: TimeInterval
    ) async throws {
        let record = DeliveryExceptionRecord(
            fanOut: fanOut.id,
            subscription: reader.id,
            jid: reader.jid,
            kind: kind,
            nextAttemptAt: due,
            condition: condition,
            recordedAt: moment(seconds)
        )
        try await store.write { try $0.recordException(record) }
    }

    /// Forgets what came back before that second, and tells of how many it knew who they were.
    private func forget(before seconds: TimeInterval) async throws -> Int {
        let date = moment(seconds)
        let isDue = try await store.read { try $0.hasOldExceptions(before: date) }
        let count = try await store.write { try $0.forgetExceptions(before: date) }
        #expect(isDue == (count > 0))
        return count
    }

    private func known(in fanOut: FanOutRecord) async throws -> [JID] {
        try await store.read { try $0.exceptions(of: fanOut.id).map(\.jid) }
    }

    @Test("they are forgotten, be they readers still or not, and how many they were is not")
    func numbers() async throws {
        let fanOut = try await send(at: 0)
        try await fail(juliet, in: fanOut, at: 5)
        try await fail(romeo, in: fanOut, as: .failed, .remoteServerTimeout, at: 7)
        _ = try await store.write { [verse] in try $0.unsubscribe(.juliet, from: verse) }
        let before = try await store.read { transaction in
            (try transaction.failures(of: fanOut.id), try transaction.returnedCount(of: fanOut.id))
        }
        #expect(try await forget(before: 10) == 0, "it may still be going out")
        #expect(try await known(in: fanOut) == [.juliet, .romeo])
        #expect(try await forget(before: 11) == 2)
        #expect(try await forget(before: 11) == 0)
        #expect(try await known(in: fanOut).isEmpty)
        try await store.read { transaction in
            #expect(try transaction.exceptionCount(of: .romeo) == 0)
            #expect(try transaction.exception(of: romeo.id, in: fanOut.id) == nil)
            #expect(try transaction.failedItems(of: romeo.id, since: moment()) == 0)
            #expect(try transaction.failures(of: fanOut.id) == before.0)
            #expect(try transaction.returnedCount(of: fanOut.id) == before.1)
            #expect(try transaction.exceptionCount(of: fanOut.id, kind: .failed) == 2)
            let left = try transaction.count(
                "SELECT count(*) FROM deliveryException WHERE jid <> '' OR subscription > 0"
            )
            #expect(left == 0)
        }
        // An error that comes all the same is one more, and is forgotten as well.
        try await fail(romeo, in: fanOut, at: 20)
        #expect(try await forget(before: 21) == 1)
        #expect(
            try await store.read { try $0.exceptionCount(of: fanOut.id, kind: .failed) } == 3
        )
    }

    @Test("of who was tried again nothing is left; who is still to be, or failed lately, stays")
    func others() async throws {
        let fanOut = try await send(at: 0)
        try await fail(juliet, in: fanOut, as: .retry, dueAt: moment(30), at: 5)
        try await fail(romeo, in: fanOut, at: 50)
        #expect(try await forget(before: 40) == 0)
        let date = moment(30)
        try await store.write { [juliet, fanOut] transaction in
            let recipient = Recipient(
                subscription: juliet.id,
                address: "\(juliet.jid)",
                kind: .event
            )
            try transaction.noteRetried(
                DueRetry(fanOut: fanOut, recipient: recipient),
                dueAt: date,
                at: date
            )
        }
        #expect(try await forget(before: 30) == 0)
        #expect(try await forget(before: 31) == 1)
        #expect(try await known(in: fanOut) == [.romeo])
        #expect(
            try await store.read { try $0.count("SELECT count(*) FROM deliveryException") } == 1
        )
    }

    @Test("nobody is forgotten while the delivery is under way, or who gets it later")
    func underWay() async throws {
        let fanOut = try await send(at: 0, isOver: false)
        try await fail(juliet, in: fanOut, at: 5)
        #expect(try await forget(before: 1_000) == 0)
        try await store.write { transaction in
            try transaction.finishFanOut(fanOut.id, at: moment(10))
            try transaction.run("UPDATE deliveryException SET kind = 'retry', attempts = 0")
        }
        #expect(try await forget(before: 1_000) == 0)
    }

    @Test("who reads in a chat is remembered until something newer went out there")
    func chats() async throws {
        let nurse = try await store.subscribe(.nurse, to: verse, as: .chat)
        let fanOut = try await send(.chat(.short), at: 0)
        try await fail(nurse, in: fanOut, at: 5)
        try await fail(juliet, in: fanOut, at: 5)
        #expect(try await forget(before: 1_000) == 1)
        #expect(try await known(in: fanOut) == [.nurse])
        // What goes to others only can't be taken for her last message.
        try await send(at: 100)
        #expect(try await forget(before: 1_000) == 0)
        try await send(.chat(.short), at: 200)
        #expect(try await forget(before: 1_000) == 1)
        // Nor is there anything to take for it at somebody who has left.
        let last = try await send(.chat(.short), at: 300)
        try await fail(nurse, in: last, at: 305)
        #expect(try await forget(before: 1_000) == 0)
        _ = try await store.write { [verse] in try $0.unsubscribe(.nurse, from: verse) }
        #expect(try await forget(before: 1_000) == 1)
    }

    @Test("many are forgotten in portions")
    func portions() async throws {
        let fanOut = try await send(at: 0)
        try await store.write { transaction in
            try transaction.run(
                """
                WITH RECURSIVE number (n) AS (
                    SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1500)
                INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts, condition,
                    recordedAt)
                SELECT ?, 1000 + n, 'r' || n || '@verona.lit', 'failed', 1, 'gone', ? FROM number
                """,
                [fanOut.id.rawValue, moment(5).timeIntervalSince1970]
            )
        }
        #expect(try await forget(before: 20) == 1_000)
        #expect(try await forget(before: 20) == 500)
        let failures = try await store.read { try $0.failures(of: fanOut.id) }
        #expect(failures == [FailureCount(condition: .gone, readers: 1_500)])
    }
}
