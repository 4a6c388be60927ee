import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("A translation that comes after the original")
struct LaterTranslationTests {
    let store: Store
    let node: NodeRowID

    /// Juliet, who takes translations, and Romeo, who has read it then.
    init() async throws {
        store = try Store.inMemory()
        node = try await store.makeNode()
        var choice = DeliveryChoice(form: .chat)
        try await store.subscribe(.juliet, to: node, choosing: choice)
        choice.takesTranslations = false
        try await store.subscribe(.romeo, to: node, choosing: choice)
    }

    private func send(
        _ audience: FanOutRecord.Audience,
        note: String? = nil,
        retracting earlier: FanOutRecord? = nil,
        ending state: FanOutRecord.State = .finished,
        at seconds: TimeInterval
    ) async throws -> (FanOutRecord, readers: [String]) {
        let new = NewFanOut(
            node: node,
            item: .first,
            audience: audience,
            variants: [.sample(.event), .sample(.chat(.short))],
            note: note,
            retracts: earlier?.id
        )
        return try await store.write { transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(seconds))
            let page = try transaction.recipients(of: fanOut, after: .start, limit: 10)
            #expect(fanOut.total == page.count)
            try transaction.setState(state, of: fanOut.id, at: moment(seconds + 1))
            return (fanOut, page.map(\.name))
        }
    }

    @Test("comes to those who want it, and to all if it is the first they get")
    func wanted() async throws {
        let first = try await send(.plainCopy, at: 0)
        #expect(first.readers == ["juliet", "romeo"])
        let translation = try await send(.all, at: 100)
        #expect(translation.readers == ["juliet"])
        let withdrawal = try await send(
            .all,
            note: "retraction",
            retracting: translation.0,
            at: 200
        )
        #expect(withdrawal.readers == ["juliet", "romeo"])
        #expect(try await send(.all, at: 300).readers == ["juliet", "romeo"])
    }

    @Test("is the only one where nothing came before it")
    func alone() async throws {
        #expect(try await send(.all, at: 0).readers == ["juliet", "romeo"])
    }

    @Test(
        "comes to whom the original has not reached: it is to be tried again, failed, or was cancelled",
        arguments: [DeliveryExceptionRecord.Kind.retry, .failed, nil]
    )
    func unreached(_ kind: DeliveryExceptionRecord.Kind?) async throws {
        let first = try await send(.plainCopy, ending: kind == nil ? .cancelled : .finished, at: 0)
        try await store.write { [node] transaction in
            guard let kind else { return }
            let romeo = known(try transaction.subscription(of: .romeo, to: node))
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: first.0.id,
                    subscription: romeo.id,
                    jid: romeo.jid,
                    kind: kind,
                    attempts: 2,
                    nextAttemptAt: kind == .retry ? moment(200) : nil,
                    condition: .remoteServerTimeout,
                    recordedAt: moment(2)
                )
            )
        }
        #expect(try await send(.all, at: 100).readers == ["juliet", "romeo"])
    }

    @Test("comes instead to who was to have the original in the morning")
    func asleep() async throws {
        let night = moment(0)
        let first = try await store.write { [node] transaction in
            let hours = QuietHours(from: 0, until: 1439, in: "UTC")
            try transaction.setQuietHours(hours, of: .romeo)
            let new = NewFanOut(
                node: node,
                item: .first,
                audience: .plainCopy,
                variants: [.sample(.chat(.short))]
            )
            let fanOut = try transaction.startFanOut(new, at: night)
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: night)
            try transaction.setState(.finished, of: fanOut.id, at: night + 1)
            return fanOut
        }
        #expect(try await store.read { try $0.postponedCount(of: first.id) } == 1)
        #expect(try await send(.all, at: 100).readers == ["juliet", "romeo"])
    }

    @Test(
        "comes after all where a server's death may have taken the original, and not if it has it still",
        arguments: [(90, nil, ["romeo"]), (150, nil, []), (90, 160, ["romeo"]), (90, 105, [])]
            as [(Double, Double?, [String])]
    )
    func lost(back seconds: Double, start: Double?, expected: [String]) async throws {
        // Romeo reads by the original alone, of which the server had read all at second 100.
        let original = try await send(.plainCopy, ending: .running, at: 99).0
        try await store.write { transaction in
            let moved = try transaction.moveCursor(
                of: original.id,
                to: original.lastSubscription,
                over: original.total,
                at: moment(100),
                horizon: moment()
            )
            try transaction.noteEnd(of: known(moved), at: moment(100))
            try transaction.setState(.finished, of: original.id, at: moment(101))
        }
        let translation = try await send(.all, ending: .running, at: 102)
        #expect(translation.readers == ["juliet"])
        let due = try await store.write { transaction in
            _ = try transaction.moveCursor(
                of: translation.0.id,
                to: translation.0.lastSubscription,
                over: 1,
                at: moment(110),
                horizon: moment()
            )
            _ = try transaction.rewindFanOuts(
                .moment(moment(seconds)),
                unlessReadAfter: start.map { moment($0) }
            )
            return try transaction.dueRetries(at: moment(200), limit: 10)
        }
        #expect(due.map(\.recipient.name) == expected)
        #expect(due.allSatisfy { $0.fanOut.id == translation.0.id })
    }
}
