import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Fan-outs")
struct FanOutTableTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    private func start(
        in node: NodeRowID,
        _ item: ItemID = .first,
        _ audience: FanOutRecord.Audience = .all,
        variants kinds: [VariantKind] = [.event, .eventWithBody, .chat(.short), .chat(.full)],
        note: FanOutNote? = nil
    ) async throws -> FanOutRecord {
        try await store.write { transaction in
            try transaction.startFanOut(
                NewFanOut(
                    node: node,
                    item: item,
                    audience: audience,
                    variants: kinds.map(VariantRecord.sample),
                    note: note?.rawValue
                ),
                at: moment()
            )
        }
    }

    private func recipients(
        of fanOut: FanOutRecord,
        after cursor: SubscriptionRowID = .start,
        limit: Int = 100
    ) async throws -> RecipientPage {
        try await store.read { try $0.recipients(of: fanOut, after: cursor, limit: limit) }
    }

    @Test("its recipients are those subscribed at its start and still, in order, page by page")
    func recipients() async throws {
        let node = try await store.makeNode()
        var readers: [SubscriptionRecord] = []
        for name in ["a", "b", "c", "d", "e"] {
            readers.append(try await store.subscribe(try JID("\(name)@verona.lit"), to: node))
        }
        try await store.write { [readers] in try $0.setState(.pending, of: readers[1].id) }
        let fanOut = try await start(in: node)
        #expect(fanOut.total == 4)
        #expect(fanOut.state == .waiting)
        try await store.subscribe(try JID("late@verona.lit"), to: node)
        try await store.write { [readers] in try $0.endSubscription(readers[3].id) }

        let first = try await recipients(of: fanOut, limit: 2)
        #expect(first.map(\.address) == ["a@verona.lit", "c@verona.lit"])
        let second = try await recipients(of: fanOut, after: readers[2].id, limit: 2)
        #expect(second.map(\.address) == ["e@verona.lit"])
    }

    @Test("readers of other nodes get nothing")
    func otherNodes() async throws {
        let (verse, prose) = (try await store.makeNode(), try await store.makeNode(.prose))
        try await store.subscribe(.juliet, to: verse)
        try await store.subscribe(.romeo, to: prose)
        let fanOut = try await start(in: verse)
        #expect(try await recipients(of: fanOut).map(\.address) == ["juliet@verona.lit"])
    }

    @Test("each reader's variant follows their choice, and whom none fits is not counted")
    func variants() async throws {
        let node = try await store.makeNode()
        try await store.subscribe(.juliet, to: node, as: .event, .full)
        try await store.subscribe(.romeo, to: node, as: .eventWithBody)
        try await store.subscribe(.nurse, to: node, as: .chat, .full)
        let unmet = try JID("tybalt@verona.lit")
        try await store.subscribe(unmet, to: node, as: .chat, .link)
        let fanOut = try await start(in: node)
        #expect(fanOut.total == 3)
        let kinds = try await recipients(of: fanOut).map(\.kind)
        #expect(kinds == [.event, .eventWithBody, .chat(.full)])
        let stored = try await store.read { try $0.variants(of: fanOut.id) }
        #expect(Set(stored.map(\.kind)) == [.event, .eventWithBody, .chat(.short), .chat(.full)])
        #expect(stored.allSatisfy { $0 == .sample($0.kind) })
    }

    @Test("plain copies go to chat readers only")
    func plainCopies() async throws {
        let node = try await store.makeNode()
        try await store.subscribe(.juliet, to: node)
        try await store.subscribe(.nurse, to: node, as: .chat)
        let fanOut = try await start(in: node, .first, .plainCopy)
        #expect(try await recipients(of: fanOut).map(\.address) == ["nurse@verona.lit"])
        #expect(fanOut.total == 1)
    }

    @Test("whatever readers do, the count at the start is the number of recipients")
    func runningCounts() async throws {
        let node = try await store.makeNode()
        var numbers = SystemRandomNumberGenerator()
        for step in 0..<300 {
            let jid = try JID("r\(Int.random(in: 0..<20, using: &numbers))@verona.lit")
            let choice = DeliveryChoice(
                form: known(DeliveryForm.allCases.randomElement()),
                amount: known(ChatAmount.allCases.randomElement()),
                isDelivered: Int.random(in: 0..<4) > 0,
                expiresAt: Int.random(in: 0..<5) == 0 ? moment(-1) : nil
            )
            let verb = Int.random(in: 0..<5)
            try await store.write { transaction in
                let reader = try transaction.subscription(of: jid, to: node)
                switch (verb, reader) {
                case (0, let reader?): try transaction.endSubscription(reader.id)
                case (1, let reader?): try transaction.setState(.pending, of: reader.id)
                case (2, let reader?): try transaction.setState(.subscribed, of: reader.id)
                case (_, let reader?): try transaction.setOptions(choice, of: reader.id)
                case (_, nil):
                    _ = try transaction.subscribe(jid, to: node, choice: choice, at: moment())
                }
            }
            guard step.isMultiple(of: 10) else { continue }
            let audience = known(FanOutRecord.Audience.allCases.randomElement())
            let fanOut = try await start(in: node, .first, audience)
            #expect(try await recipients(of: fanOut).count == fanOut.total)
        }
    }

    @Test("a batch is read from an index, without sorting or walking over other nodes' readers")
    func queryPlan() async throws {
        let plan = try await store.read { transaction in
            try transaction.rows(
                "EXPLAIN QUERY PLAN " + Transaction.recipientsPage,
                [1, 0, 100, 0]
            ) { $0["detail"] as String }
        }
        #expect(
            plan.contains { $0.contains("subscription USING INDEX subscriptionOnNode (node=?") }
        )
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("a fan-out is found by its tag, and each has its own key")
    func tags() async throws {
        let node = try await store.makeNode()
        let first = try await start(in: node)
        let second = try await start(in: node, .second)
        #expect(first.key != second.key)
        let tag = Array(second.key.prefix(FanOutRecord.tagLength))
        #expect(try await store.read { try $0.fanOut(taggedWith: tag) } == second)
        #expect(try await store.read { try $0.fanOut(taggedWith: [1, 2, 3, 4, 5, 6]) } == nil)
        #expect(try await store.read { try $0.fanOuts(limit: 1) } == [second])
    }

    @Test("what is over does not start again, and frees its item")
    func states() async throws {
        let node = try await store.makeNode()
        let fanOut = try await start(in: node)
        try await store.write { transaction throws in
            #expect(try transaction.isFanOutUnfinished(of: .first, in: node))
            #expect(try transaction.isFanOutUnfinished(of: .second, in: node) == false)
            #expect(try transaction.setState(.held, of: fanOut.id, at: moment(1)))
            #expect(try transaction.fanOut(fanOut.id)?.finishedAt == nil)
            #expect(try transaction.setState(.finished, of: fanOut.id, at: moment(2)))
            #expect(try transaction.fanOut(fanOut.id)?.finishedAt == moment(2))
            #expect(try transaction.setState(.running, of: fanOut.id, at: moment(3)) == false)
            #expect(try transaction.isFanOutUnfinished(of: .first, in: node) == false)
            #expect(try transaction.unfinishedFanOuts().isEmpty)
        }
    }

    // MARK: - Going back

    /// Moves the cursor to `cursor` after `second` seconds, over ten readers.
    private func acknowledge(
        _ fanOut: FanOutRecord,
        _ cursor: Int64,
        at second: Double
    ) async throws -> FanOutRecord? {
        try await store.write { transaction in
            try transaction.moveCursor(
                of: fanOut.id,
                to: SubscriptionRowID(rawValue: cursor),
                over: 10,
                at: moment(second),
                horizon: moment(second - 30)
            )
        }
    }

    private func rewind(to second: Double) async throws -> [FanOutRecord] {
        try await store.write { try $0.rewindFanOuts(.moment(moment(second))) }
    }

    @Test("the cursor moves, and goes back to where it was at a moment")
    func rewinding() async throws {
        let fanOut = try await start(in: try await store.makeNode())
        for step in 1...50 {
            _ = try await acknowledge(fanOut, Int64(step * 10), at: Double(step))
        }
        let back = try await rewind(to: 20.5)
        #expect(back.map(\.cursor.rawValue) == [200])
        #expect(back.map(\.sent) == [200])
        #expect(try await rewind(to: 20.5).isEmpty)
    }

    @Test("one goes back from what was acknowledged last, but not in what a living server has read")
    func rewindingFromLast() async throws {
        let node = try await store.makeNode()
        let fanOuts = [try await start(in: node), try await start(in: node, .second)]
        for step in 1...50 {
            let index = step <= 40 ? 0 : 1
            _ = try await acknowledge(fanOuts[index], Int64(step * 10), at: Double(step))
        }
        let back = try await store.write { transaction in
            try transaction.rewindFanOuts(
                .beforeLastAcknowledgement(by: 20),
                unlessReadAfter: moment(45)
            )
        }
        #expect(back.map(\.id) == [fanOuts[0].id])
        #expect(back.map(\.cursor.rawValue) == [200])
    }

    @Test("what was finished is settled a while after its end, though its last second is not noted")
    func settling() async throws {
        let fanOut = try await start(in: try await store.makeNode())
        for tenth in [10, 15, 19] {
            _ = try await acknowledge(fanOut, Int64(tenth), at: Double(tenth) / 10)
        }
        #expect(try await store.read { try $0.firstUnsettledEnd() } == nil)
        #expect(try await store.read { try $0.lastAcknowledgement() } == moment(1))
        try await finish(fanOut, at: 2)
        #expect(try await store.read { try $0.firstUnsettledEnd() } == moment(2))
        #expect(try await rewind(to: 2).isEmpty)
        #expect(try await rewind(to: 1.9).map(\.cursor.rawValue) == [10])
    }

    private func finish(_ fanOut: FanOutRecord, at second: Double) async throws {
        try await store.write { transaction in
            try transaction.setState(.finished, of: fanOut.id, at: moment(second))
            guard let ended = try transaction.fanOut(fanOut.id) else { return }
            try transaction.noteEnd(of: ended, at: moment(second))
        }
    }

    @Test("before the first acknowledgement lies the beginning")
    func rewindToStart() async throws {
        let fanOut = try await start(in: try await store.makeNode())
        _ = try await acknowledge(fanOut, 10, at: 5)
        #expect(try await rewind(to: 4).map(\.cursor) == [.start])
    }

    @Test("places are noted once a second and forgotten behind the horizon")
    func bounded() async throws {
        let fanOut = try await start(in: try await store.makeNode())
        for step in 1...1000 {
            _ = try await acknowledge(fanOut, Int64(step), at: Double(step) / 10)
        }
        let noted = try await store.read { try $0.count("SELECT count(*) FROM acknowledgement") }
        #expect((30...33).contains(noted))
        #expect(try await rewind(to: 70).map(\.cursor.rawValue).allSatisfy { $0 <= 700 })
    }

    @Test("one that just finished runs again; one that finished before, or was cancelled, does not")
    func rewindFinished() async throws {
        let node = try await store.makeNode()
        let fanOuts = [
            try await start(in: node, .first), try await start(in: node, .second),
            try await start(in: node, .third),
        ]
        for (fanOut, second) in zip(fanOuts, [2, 5, 5] as [Double]) {
            _ = try await acknowledge(fanOut, 10, at: 1)
            _ = try await acknowledge(fanOut, 20, at: second)
        }
        try await finish(fanOuts[0], at: 2.5)
        try await finish(fanOuts[1], at: 6)
        try await store.write { transaction in
            _ = try transaction.setState(.cancelled, of: fanOuts[2].id, at: moment(6))
        }
        let back = try await rewind(to: 3)
        #expect(back.map(\.id) == [fanOuts[1].id])
        #expect(back.map(\.state) == [.running])
        #expect(back.map(\.cursor.rawValue) == [10])
        #expect(back.map(\.finishedAt) == [nil])
    }

    @Test(
        "an older wording is not sent again when a whole one is on its way, or none at all; a correction needs it",
        arguments: [
            (nil, .waiting, 0), (.retraction, .waiting, 0), (.correction, .waiting, 1),
            (.correction, .cancelled, 1),
        ] as [(FanOutNote?, FanOutRecord.State, Int)]
    )
    func rewindSuperseded(
        note: FanOutNote?,
        state: FanOutRecord.State,
        expected: Int
    ) async throws {
        let node = try await store.makeNode()
        let older = try await start(in: node)
        _ = try await acknowledge(older, 10, at: 5)
        try await store.write { try $0.setState(.finished, of: older.id, at: moment(5)) }
        let newer = try await start(in: node, variants: [.event], note: note)
        try await store.write { try $0.setState(state, of: newer.id, at: moment(6)) }
        #expect(try await rewind(to: 3).map(\.id) == Array([older.id].prefix(expected)))
    }

    @Test(
        "an issue and its correction go back from what was read last of either, so that no reader ends with the older",
        arguments: [(10.0, nil, [1]), (20, nil, [0, 1]), (20, 11, [])]
            as [(Double, Double?, [Int])]
    )
    func rewindTogether(seconds: Double, serverStart: Double?, expected: [Int]) async throws {
        let node = try await store.makeNode()
        let issue = try await start(in: node)
        _ = try await acknowledge(issue, 10, at: 1)
        _ = try await acknowledge(issue, 20, at: 10)
        try await finish(issue, at: 10)
        let correction = try await start(in: node, variants: [.event], note: .correction)
        for step in 1...5 {
            _ = try await acknowledge(correction, Int64(step * 10), at: Double(step + 15))
        }
        let back = try await store.write { transaction in
            try transaction.rewindFanOuts(
                .beforeLastAcknowledgement(by: seconds),
                unlessReadAfter: serverStart.map { moment($0) }
            )
        }
        let ids = [issue.id, correction.id]
        #expect(back.map(\.id) == expected.map { ids[$0] })
        #expect(back.last.map(\.cursor) == (expected.isEmpty ? nil : .start))
    }

    @Test("it goes back no further than a cancelled correction came, which would not come after it")
    func rewindBehindCancelled() async throws {
        let node = try await store.makeNode()
        for number in 1...20 {
            try await store.subscribe(try JID("r\(number)@verona.lit"), to: node)
        }
        let issue = try await start(in: node)
        _ = try await acknowledge(issue, 5, at: 1)
        _ = try await acknowledge(issue, 20, at: 10)
        try await finish(issue, at: 10)
        let correction = try await start(in: node, variants: [.event], note: .correction)
        _ = try await acknowledge(correction, 8, at: 12)
        try await store.write { try $0.setState(.cancelled, of: correction.id, at: moment(13)) }
        let back = try await rewind(to: 3)
        #expect(back.map(\.id) == [issue.id])
        #expect(back.map(\.cursor.rawValue) == [8])
        #expect(back.map(\.sent) == [13])
    }

    @Test("the messages of a newer one are kept as long as an older one may be tried again")
    func pruningNewer() async throws {
        let node = try await store.makeNode()
        let older = try await start(in: node)
        let newer = try await start(in: node, note: .correction)
        try await finish(older, at: 5)
        try await finish(newer, at: 6)
        @Sendable func retry(at date: Date?) -> DeliveryExceptionRecord {
            DeliveryExceptionRecord(
                fanOut: older.id,
                subscription: SubscriptionRowID(rawValue: 7),
                jid: .juliet,
                kind: .retry,
                nextAttemptAt: date,
                condition: .remoteServerTimeout,
                recordedAt: moment()
            )
        }
        for (date, kept) in [(moment(900), 4), (nil, 0)] as [(Date?, Int)] {
            try await store.write { transaction in
                try transaction.recordException(retry(at: date))
                try transaction.pruneFanOuts(
                    acknowledgedBefore: moment(800),
                    writtenBefore: moment(800)
                )
                #expect(try transaction.variants(of: newer.id).count == kept)
            }
        }
    }

    @Test("an acknowledgement for what is over, or gone, moves nothing")
    func lateAcknowledgement() async throws {
        let node = try await store.makeNode()
        let fanOut = try await start(in: node)
        try await store.write { try $0.setState(.cancelled, of: fanOut.id, at: moment(1)) }
        #expect(try await acknowledge(fanOut, 10, at: 2) == nil)
        try await store.write { try $0.deleteNode(node, at: moment()) }
        #expect(try await acknowledge(fanOut, 10, at: 2) == nil)
    }

    @Test("what ended by a clock that was years ahead is forgotten when it is right, as all else")
    func endInTheFuture() async throws {
        let node = try await store.makeNode()
        let fanOuts = [try await start(in: node, .first), try await start(in: node, .second)]
        try await finish(fanOuts[0], at: 5)
        try await finish(fanOuts[1], at: 315_360_000)
        try await store.write { transaction in
            try transaction.mendEnds(at: moment(10))
            #expect(try transaction.fanOut(fanOuts[0].id)?.finishedAt == moment(5))
            #expect(try transaction.fanOut(fanOuts[1].id)?.finishedAt == moment(10))
            try transaction.pruneFanOuts(acknowledgedBefore: moment(11), writtenBefore: moment(9))
            #expect(try transaction.variants(of: fanOuts[0].id).isEmpty)
            #expect(try transaction.variants(of: fanOuts[1].id).count == 4)
            try transaction.pruneFanOuts(acknowledgedBefore: moment(11), writtenBefore: moment(11))
            #expect(try transaction.variants(of: fanOuts[1].id).isEmpty)
        }
    }

    @Test("what only a running fan-out needs is forgotten, unless somebody is to be tried again")
    func pruning() async throws {
        let node = try await store.makeNode()
        let fanOuts = [try await start(in: node, .first), try await start(in: node, .second)]
        try await store.write { transaction in
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: fanOuts[1].id,
                    subscription: SubscriptionRowID(rawValue: 7),
                    jid: .juliet,
                    kind: .retry,
                    nextAttemptAt: moment(60),
                    condition: .remoteServerTimeout,
                    recordedAt: moment()
                )
            )
        }
        for fanOut in fanOuts {
            _ = try await acknowledge(fanOut, 10, at: 4)
            try await finish(fanOut, at: 5)
        }
        try await store.write { transaction in
            let prune = { (end: Double, written: Double) in
                try transaction.pruneFanOuts(
                    acknowledgedBefore: moment(end),
                    writtenBefore: moment(written)
                )
            }
            try prune(5, 6)
            #expect(try transaction.variants(of: fanOuts[0].id).count == 4)
            try prune(6, 5)
            #expect(try transaction.variants(of: fanOuts[0].id).count == 4)
            try prune(6, 6)
            #expect(try transaction.variants(of: fanOuts[0].id).isEmpty)
            #expect(try transaction.variants(of: fanOuts[1].id).count == 4)
            #expect(try transaction.firstUnsettledEnd() == nil)
            #expect(try transaction.nextRetry() == moment(60))
            #expect(try transaction.fanOut(fanOuts[0].id) != nil)
        }
    }

    @Test("a reader has one exception in a fan-out, the latest")
    func exceptions() async throws {
        let fanOut = try await start(in: try await store.makeNode())
        var record = DeliveryExceptionRecord(
            fanOut: fanOut.id,
            subscription: SubscriptionRowID(rawValue: 7),
            jid: .juliet,
            kind: .retry,
            nextAttemptAt: moment(60),
            condition: .remoteServerTimeout,
            recordedAt: moment()
        )
        try await store.write { [record] in try $0.recordException(record) }
        record.kind = .failed
        record.attempts = 2
        record.nextAttemptAt = nil
        try await store.write { [record] transaction in
            try transaction.recordException(record)
            #expect(try transaction.exceptions(of: fanOut.id) == [record])
            #expect(try transaction.exception(of: record.subscription, in: fanOut.id) == record)
            #expect(try transaction.exceptionCount(of: fanOut.id, kind: .failed) == 1)
            #expect(try transaction.exceptionCount(of: fanOut.id, kind: .retry) == 0)
            #expect(try transaction.removeException(of: record.subscription, in: fanOut.id))
            #expect(try transaction.exceptions(of: fanOut.id).isEmpty)
        }
    }
}
