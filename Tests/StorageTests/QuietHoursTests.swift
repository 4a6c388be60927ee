import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Quiet hours")
struct QuietHoursTests {
    private func date(_ text: String) throws -> Date {
        try Date("\(text):00Z", strategy: .iso8601)
    }

    @Test(
        "they are where the reader is, over midnight and over the days on which clocks are set",
        arguments: [
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-21T20:59", nil),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-21T21:00", "2026-11-22T06:00"),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-22T05:59", "2026-11-22T06:00"),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-22T06:00", nil),
            (13 * 60, 14 * 60 + 30, "Asia/Kolkata", "2026-11-21T07:30", "2026-11-21T09:00"),
            (13 * 60, 14 * 60 + 30, "Asia/Kolkata", "2026-11-21T09:00", nil),
            // In this night the clocks go from 2 to 3.
            (22 * 60, 7 * 60, "Europe/Berlin", "2027-03-27T22:00", "2027-03-28T05:00"),
            // An end that this leaves out is an hour later by the clock.
            (22 * 60, 2 * 60 + 30, "Europe/Berlin", "2027-03-27T22:00", "2027-03-28T01:30"),
            (22 * 60, 2 * 60 + 30, "Europe/Berlin", "2027-03-28T00:45", "2027-03-28T01:30"),
            (22 * 60, 2 * 60, "Europe/Berlin", "2027-03-28T00:45", "2027-03-28T01:00"),
            // In this one from 3 to 2.
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-10-24T21:00", "2026-10-25T06:00"),
        ] as [(Int, Int, String, String, String?)]
    )
    func ends(start: Int, end: Int, zone: String, now: String, over: String?) throws {
        let hours = try #require(QuietHours(from: start, until: end, in: zone))
        #expect(hours.end(at: try date(now)) == (try over.map(date)))
    }

    @Test("at whichever moment one asks in the days on which clocks are set, they end after it")
    func endsLater() throws {
        let days = try [date("2027-03-27T12:00"), date("2026-10-24T12:00")]
        for end in stride(from: 0, to: 1440, by: 30) where end != 1320 {
            let hours = try #require(QuietHours(from: 1320, until: end, in: "Europe/Berlin"))
            for day in days {
                for step in 0..<(24 * 12) {
                    let now = day + Double(step * 300) + 0.75
                    guard let over = hours.end(at: now) else { continue }
                    #expect(over > now, "until \(end) at \(now)")
                }
            }
        }
    }

    @Test("who waits for their end waits for the same moment, whenever that began")
    func wholeSeconds() throws {
        let hours = try #require(QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC"))
        let (night, morning) = (try date("2026-11-21T23:00"), try date("2026-11-22T07:00"))
        for part in [0, 0.25, 0.75, 0.999] {
            #expect(hours.end(at: night + part) == morning)
        }
        #expect(hours.end(at: morning - 0.001) == morning)
        #expect(hours.end(at: morning) == nil)
    }

    @Test("an end that the clocks leave out lets a retry wait until after it, and others go on")
    func skippedEnd() async throws {
        let store = try Store.inMemory()
        let now = try date("2027-03-28T00:45")
        let node = try await store.makeNode()
        let reader = try await store.subscribe(.juliet, to: node, as: .chat)
        let due = try await store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 2 * 60 + 30, in: "Europe/Berlin")
            try transaction.setQuietHours(hours, of: .juliet)
            let fanOut = try transaction.startFanOut(
                NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))]),
                at: now - 60
            )
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: fanOut.id,
                    subscription: reader.id,
                    jid: .juliet,
                    kind: .retry,
                    attempts: 2,
                    nextAttemptAt: now,
                    condition: .remoteServerTimeout,
                    recordedAt: now - 60
                )
            )
            return try transaction.dueRetries(at: now, limit: 1)
        }
        #expect(due.isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == (try date("2027-03-28T01:30")))
    }

    @Test("there are no such hours")
    func none() {
        #expect(QuietHours(from: 60, until: 60, in: "UTC") == nil)
        #expect(QuietHours(from: 0, until: 1440, in: "UTC") == nil)
        #expect(QuietHours(from: 0, until: 60, in: "Verona") == nil)
    }

    @Test("who has them is no recipient then, and is written to when they are over")
    func postponed() async throws {
        let store = try Store.inMemory()
        let night = try date("2026-11-21T23:00")
        let morning = try date("2026-11-22T07:00")
        let node = try await store.makeNode()
        for reader in [JID.juliet, .romeo] {
            try await store.subscribe(reader, to: node, as: .chat)
        }
        let fanOut = try await store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: .juliet)
            let fanOut = try transaction.startFanOut(
                NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))]),
                at: night
            )
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: night)
            return known(try transaction.fanOut(fanOut.id))
        }
        #expect(fanOut.total == 1)
        func recipients() async throws -> [String] {
            try await store.read { try $0.recipients(of: fanOut, after: .start, limit: 10) }
                .map(\.address)
        }
        func due(at date: Date) async throws -> [DueRetry] {
            try await store.write { try $0.dueRetries(at: date, limit: 10) }
        }
        #expect(try await recipients() == ["romeo@verona.lit"])
        #expect(try await due(at: morning - 1).isEmpty)
        let later = try await due(at: morning)
        #expect(later.map(\.recipient.address) == ["juliet@verona.lit"])
        let retry = try #require(later.first)
        try await store.write { try $0.noteRetried(retry, dueAt: morning, at: morning + 1) }
        #expect(try await recipients().count == 1, "also if the delivery goes back")
        #expect(try await due(at: morning + 1).isEmpty)
    }
}

@Suite("What happens while readers have quiet hours")
struct PostponedReadersTests {
    let store: Store
    let node: NodeRowID
    private let night: Date
    private let morning: Date

    /// Juliet, whose night is quiet, and Romeo, who reads at all hours.
    init() async throws {
        store = try Store.inMemory()
        night = try Date("2026-11-21T23:00:00Z", strategy: .iso8601)
        morning = try Date("2026-11-22T07:00:00Z", strategy: .iso8601)
        node = try await store.makeNode()
        for reader in [JID.juliet, .romeo] {
            try await store.subscribe(reader, to: node, as: .chat)
        }
        try await store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: .juliet)
        }
    }

    private func start(
        _ item: ItemID = .first,
        _ kinds: [VariantKind] = [.event, .chat(.short)],
        note: String? = nil,
        retracting earlier: FanOutRecord? = nil,
        after seconds: TimeInterval = 0
    ) async throws -> FanOutRecord {
        let new = NewFanOut(
            node: node,
            item: item,
            variants: kinds.map(VariantRecord.sample),
            note: note,
            retracts: earlier?.id
        )
        return try await store.write { [night] transaction in
            let fanOut = try transaction.startFanOut(new, at: night + seconds)
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: night + seconds)
            return known(try transaction.fanOut(fanOut.id))
        }
    }

    private func finish(_ fanOut: FanOutRecord) async throws {
        try await store.write { [night] in
            try $0.setState(.finished, of: fanOut.id, at: night + 1)
        }
    }

    private func recipients(of fanOut: FanOutRecord) async throws -> [String] {
        try await store.read { try $0.recipients(of: fanOut, after: .start, limit: 10) }
            .map(\.address)
    }

    private func due(limit: Int = 10) async throws -> [DueRetry] {
        try await store.write { [morning] in try $0.dueRetries(at: morning, limit: limit) }
    }

    /// Lets all that is due be written, and the server have read it two seconds later.
    @discardableResult
    private func write() async throws -> [DueRetry] {
        let due = try await due()
        try await store.write { [morning] transaction in
            for retry in due {
                try transaction.noteRetried(retry, dueAt: morning, at: morning + 2)
            }
        }
        return due
    }

    /// The same until nothing is due; tells what was written, in its order.
    private func written() async throws -> [DueRetry] {
        var all: [DueRetry] = []
        while true {
            let due = try await write()
            guard !due.isEmpty, all.count < 100 else { return all }
            all += due
        }
    }

    @Test(
        "who has not had the issue yet gets it for all corrections, and what these say after it",
        arguments: [
            ("correction", [.event], [0]),
            ("correction", [.event, .chat(.short)], [0, 1]),
            (nil, [.event, .chat(.short)], [1]),
        ] as [(String?, [VariantKind], [Int])]
    )
    func corrected(note: String?, kinds: [VariantKind], expected: [Int]) async throws {
        let issue = try await start(after: 0.75)
        try await finish(issue)
        let correction = try await start(.first, kinds, note: note, after: 1800.25)
        try await finish(correction)
        let ids = [issue.id, correction.id]
        #expect(try await written().map(\.fanOut.id) == expected.map { ids[$0] })
    }

    @Test("what a correction says waits for the issue that is held, or waits for longer")
    func correctedLater() async throws {
        let issue = try await start()
        try await finish(issue)
        try await store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 6 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: .juliet)
        }
        let correction = try await start(note: "correction", after: 1800)
        try await finish(correction)
        let early = try await store.write { [morning] in
            try $0.dueRetries(at: morning - 3600, limit: 10)
        }
        #expect(early.isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == morning)
        #expect(try await store.write { try $0.holdFanOut(issue.id) })
        #expect(try await due().isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == nil)
        #expect(try await store.write { try $0.resumeFanOut(issue.id) })
        #expect(try await written().map(\.fanOut.id) == [issue.id, correction.id])
    }

    @Test("a correction does not wait for an issue that was cancelled")
    func correctedAfterCancelling() async throws {
        let issue = try await start()
        try await finish(issue)
        let correction = try await start(note: "correction", after: 1800)
        try await finish(correction)
        try await store.write { [night] in
            try $0.cancelFanOut(issue.id, at: night + 3600)
        }
        #expect(try await written().map(\.fanOut.id) == [correction.id])
    }

    @Test(
        "who was to be tried again gets a correction's event instead of the first, but no note instead of the issue",
        arguments: [
            (.chat, [.event], 1),
            (.chat, [.event, .chat(.short)], 1),
            (.room, [.event, .room], 1),
            (.event, [.event], 0),
            (.event, [.chat(.short)], 1),
        ] as [(DeliveryForm, [VariantKind], Int)]
    )
    func failed(form: DeliveryForm, kinds: [VariantKind], expected: Int) async throws {
        let nurse = try await store.subscribe(.nurse, to: node, as: form)
        let issue = try await start(.first, [.event, .chat(.short), .room])
        try await finish(issue)
        try await store.write { [morning] transaction in
            for reader in try transaction.exceptions(of: issue.id) {
                try transaction.removeException(of: reader.subscription, in: issue.id)
            }
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: issue.id,
                    subscription: nurse.id,
                    jid: .nurse,
                    kind: .retry,
                    attempts: 2,
                    nextAttemptAt: morning,
                    condition: .remoteServerTimeout,
                    recordedAt: morning
                )
            )
        }
        _ = try await start(.first, kinds, note: "correction", after: 40_000)
        #expect(try await due().count == expected)
    }

    @Test(
        "of an issue that was withdrawn meanwhile they hear nothing, nor of that",
        arguments: [0, 1]
    )
    func retracted(cancelledFirst: Int) async throws {
        let issue = try await start()
        try await finish(issue)
        try await store.write { [night, node] transaction in
            if cancelledFirst == 1 { try transaction.cancelFanOut(issue.id, at: night + 2) }
            try transaction.cancelFanOuts(of: .first, in: node, at: night + 3)
        }
        let retraction = try await start(note: "retraction", retracting: issue, after: 1800)
        #expect(retraction.total == 1)
        #expect(try await recipients(of: retraction) == ["romeo@verona.lit"])
        #expect(try await due().isEmpty)
    }

    @Test("who has the issue hears of its withdrawal in the morning")
    func retractedLater() async throws {
        let issue = try await start(after: -7200)
        try await finish(issue)
        _ = try await start(note: "retraction", retracting: issue)
        #expect(try await due().map(\.fanOut.retracts) == [issue.id])
    }

    @Test("an item that is deleted without a word comes to nobody any more")
    func deleted() async throws {
        let issue = try await start()
        try await finish(issue)
        try await store.write { [night, node] in
            try $0.cancelFanOuts(of: .first, in: node, at: night + 1)
        }
        #expect(try await due().isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == nil)
    }

    @Test("a delivery that is held is held for them too")
    func held() async throws {
        let issue = try await start()
        try await store.write { [night] in try $0.setState(.held, of: issue.id, at: night) }
        #expect(try await due().isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == nil)
        try await store.write { [night] in try $0.setState(.running, of: issue.id, at: night) }
        #expect(try await store.read { try $0.nextRetry() } == morning)
        #expect(try await due().count == 1)
    }

    @Test(
        "a delivery that only they wait for can be held, and is over for the others when it goes on"
    )
    func heldAfterwards() async throws {
        let issue = try await start()
        try await finish(issue)
        #expect(try await store.write { try $0.holdFanOut(issue.id) })
        #expect(try await store.read { try $0.unfinishedFanOuts() }.map(\.state) == [.held])
        #expect(try await due().isEmpty)
        #expect(try await store.write { try $0.resumeFanOut(issue.id) })
        #expect(try await store.read { try $0.fanOut(issue.id)?.state } == .finished)
        try await write()
        #expect(try await store.write { try $0.holdFanOut(issue.id) } == false)
    }

    @Test(
        "one that is held when all the others have it stays so for those who wait, until it goes on or ends",
        arguments: [true, false]
    )
    func heldAtItsEnd(isCancelled: Bool) async throws {
        let issue = try await start()
        try await store.write { [night] transaction in
            try transaction.holdFanOut(issue.id)
            try transaction.finishFanOut(issue.id, at: night + 60)
        }
        let ended = try await store.read { known(try $0.fanOut(issue.id)) }
        #expect(ended.state == .held)
        #expect(ended.finishedAt == night + 60)
        #expect(try await due().isEmpty)
        let (again, left) = try await store.write { [night] transaction in
            (
                try transaction.finishFanOut(issue.id, at: night + 61),
                isCancelled
                    ? try transaction.cancelFanOut(issue.id, at: night + 62)
                    : try transaction.resumeFanOut(issue.id)
            )
        }
        #expect(!again)
        #expect(left)
        let state = try await store.read { try $0.fanOut(issue.id)?.state }
        #expect(state == (isCancelled ? .cancelled : .finished))
        #expect(try await due().count == (isCancelled ? 0 : 1))
        #expect(try await recipients(of: issue) == ["romeo@verona.lit"])
    }

    @Test("one that is held when nobody waits for it any more is finished")
    func heldAfterAll() async throws {
        let issue = try await start(.first, [.event])
        try await store.write { [night] transaction in
            try transaction.holdFanOut(issue.id)
            try transaction.finishFanOut(issue.id, at: night + 60)
        }
        #expect(try await store.read { try $0.fanOut(issue.id)?.state } == .finished)
    }

    @Test("whose night begins while it is held, or after an error, is written to in the morning")
    func later() async throws {
        let evening = night - 7200
        let issue = try await store.write { [node] transaction in
            let new = NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))])
            let fanOut = try transaction.startFanOut(new, at: evening)
            let early = try transaction.postponeQuietReaders(of: fanOut, after: .start, at: evening)
            #expect(early == 0)
            try transaction.holdFanOut(fanOut.id)
            return fanOut
        }
        let juliet = try await store.write { [night, node] transaction in
            try transaction.resumeFanOut(issue.id)
            let reader = known(try transaction.subscription(of: .juliet, to: node))
            // Who has it already is not written to again.
            let after = try transaction.postponeQuietReaders(of: issue, after: reader.id, at: night)
            let late = try transaction.postponeQuietReaders(of: issue, after: .start, at: night)
            let again = try transaction.postponeQuietReaders(of: issue, after: .start, at: night)
            return (reader, counts: [after, late, again])
        }
        #expect(juliet.counts == [0, 1, 0])
        #expect(try await recipients(of: issue) == ["romeo@verona.lit"])
        #expect(try await store.read { try $0.fanOut(issue.id)?.total } == 1)
        try await store.write { [night] transaction in
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: issue.id,
                    subscription: juliet.0.id,
                    jid: .juliet,
                    kind: .retry,
                    nextAttemptAt: night + 60,
                    condition: .remoteServerTimeout,
                    recordedAt: night
                )
            )
        }
        let atNight = try await store.write { [night] in
            try $0.dueRetries(at: night + 60, limit: 1)
        }
        #expect(atNight.isEmpty)
        #expect(try await store.read { try $0.nextRetry() } == morning)
        #expect(try await due().map(\.recipient.address) == ["juliet@verona.lit"])
    }

    @Test("of many who sleep each is passed over once, in page after page")
    func pages() async throws {
        let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
        for number in 1...9 {
            let jid = try JID("r\(number)@verona.lit")
            try await store.subscribe(jid, to: node, as: .chat)
            guard !number.isMultiple(of: 3) else { continue }
            try await store.write { try $0.setQuietHours(hours, of: jid) }
        }
        let issue = try await start()
        var (cursor, readers) = (SubscriptionRowID.start, [String]())
        while true {
            let page = try await store.read { [cursor] in
                try $0.recipients(of: issue, after: cursor, limit: 2)
            }
            readers += page.map(\.address)
            guard page.count == 2, let last = page.last else { break }
            cursor = last.subscription
        }
        #expect(readers == ["romeo", "r3", "r6", "r9"].map { "\($0)@verona.lit" })
        #expect(issue.total == 4)
    }

    @Test("a delivery that only they wait for is found, and can be ended")
    func cancelled() async throws {
        let issue = try await start()
        try await finish(issue)
        func waiting() async throws -> [FanOutRowID] {
            try await store.read { try $0.postponedPublicFanOuts() }.map(\.id)
        }
        #expect(try await waiting() == [issue.id])
        #expect(try await store.read { try $0.postponedCount(of: issue.id) } == 1)
        let wasLeft = try await store.write { [night] in
            try $0.cancelFanOut(issue.id, at: night + 60)
        }
        #expect(wasLeft)
        #expect(try await waiting().isEmpty)
        #expect(try await due().isEmpty)
        #expect(try await store.read { try $0.fanOut(issue.id)?.state } == .cancelled)
        let again = try await store.write { [night] in
            try $0.cancelFanOut(issue.id, at: night + 61)
        }
        #expect(!again)
    }

    @Test(
        "once they have it they are no longer to be tried again, have not failed, and are forgotten"
    )
    func forgotten() async throws {
        let issue = try await start()
        try await finish(issue)
        func retries() async throws -> Int {
            try await store.read { try $0.exceptionCount(of: issue.id, kind: .retry) }
        }
        #expect(try await retries() == 1)
        #expect(try await store.read { try $0.exceptionCount(of: .juliet) } == 0)
        try await write()
        #expect(try await retries() == 0)
        #expect(try await store.read { try $0.exceptionCount(of: .juliet) } == 0)
        for (patience, left) in [(2.0, 1), (3, 0)] {
            try await store.write { [morning] in
                try $0.pruneFanOuts(
                    acknowledgedBefore: morning + patience,
                    writtenBefore: morning + patience
                )
            }
            #expect(try await store.read { try $0.exceptions(of: issue.id) }.count == left)
        }
    }

    @Test(
        "what a server that died may have lost in the morning is written again",
        arguments: [(1.0, 1), (3, 0)]
    )
    func lost(since: TimeInterval, expected: Int) async throws {
        try await finish(try await start())
        try await write()
        try await store.write { [morning] transaction in
            let target = RewindTarget.moment(morning + since)
            try transaction.rewindRetries(target, within: morning...morning + 10)
        }
        let later = morning + 10
        let due = try await store.write { try $0.dueRetries(at: later, limit: 10) }
        #expect(due.count == expected)
    }

    @Test("a new process goes back by the last that was read, unless the server read it itself")
    func lostByBoth() async throws {
        try await finish(try await start())
        try await write()
        func due(startedAt start: Date) async throws -> Int {
            try await store.write { [night, morning] transaction in
                try transaction.rewindRetries(
                    .beforeLastAcknowledgement(by: 20),
                    within: night...start
                )
                return try transaction.dueRetries(at: morning + 10, limit: 10).count
            }
        }
        #expect(try await due(startedAt: night) == 0)
        #expect(try await due(startedAt: morning + 60) == 1)
    }

    @Test("what nobody waits for is passed over, however much of it comes first")
    func vain() async throws {
        for item in [ItemID.first, .second, .third] {
            try await finish(try await start(item))
        }
        try await store.write {
            try $0.run("UPDATE fanOut SET state = 'cancelled' WHERE itemName <> 'third'")
        }
        #expect(try await due(limit: 1).map(\.fanOut.item) == [.third])
        #expect(try await store.read { try $0.exceptions(of: FanOutRowID(rawValue: 1)) }.isEmpty)
    }

    @Test(
        "who is busy and wants it so is written to once they are not, but not in their quiet hours"
    )
    func busy() async throws {
        let noon = morning + 5 * 3600
        try await store.write { transaction in
            #expect(try !transaction.setBusy(until: noon + 3600, .romeo, at: noon))
            for reader in [JID.juliet, .romeo] {
                try transaction.setWaitsWhileBusy(true, reader, at: noon)
            }
            _ = try transaction.setBusy(until: noon + 3600, .romeo, at: noon)
        }
        let new = NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))])
        let issue = try await store.write { transaction in
            let fanOut = try transaction.startFanOut(new, at: noon)
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: noon)
            return fanOut
        }
        #expect(try await recipients(of: issue) == ["juliet@verona.lit"])
        #expect(try await store.read { try $0.nextRetry() } == noon + 3600)
        let isDue = try await store.write { try $0.setBusy(until: nil, .romeo, at: noon + 60) }
        #expect(isDue)
        let due = try await store.write { try $0.dueRetries(at: noon + 60, limit: 10) }
        #expect(due.map(\.recipient.address) == ["romeo@verona.lit"])

        // Juliet is busy in the evening, and no more when it is night.
        let evening = morning + 14 * 3600
        let later = NewFanOut(node: node, item: .second, variants: [.sample(.chat(.short))])
        let atNight = try await store.write { transaction in
            _ = try transaction.setBusy(until: evening + 86_400, .juliet, at: evening)
            let fanOut = try transaction.startFanOut(later, at: evening)
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: evening)
            _ = try transaction.setBusy(until: nil, .juliet, at: evening + 7200)
            return try transaction.dueRetries(at: evening + 7200, limit: 10)
        }
        #expect(atNight.allSatisfy { $0.recipient.address != "juliet@verona.lit" })
        let next = try await store.write { [morning] in
            try $0.dueRetries(at: morning + 86_400, limit: 10)
        }
        #expect(next.contains { $0.recipient.address == "juliet@verona.lit" })
    }

    @Test("whoever does not want it any more gets at once what waits")
    func busyNoMore() async throws {
        let noon = morning + 5 * 3600
        let new = NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))])
        let due = try await store.write { transaction in
            try transaction.setWaitsWhileBusy(true, .romeo, at: noon)
            _ = try transaction.setBusy(until: noon + 3600, .romeo, at: noon)
            let fanOut = try transaction.startFanOut(new, at: noon)
            try transaction.postponeQuietReaders(of: fanOut, after: .start, at: noon)
            try transaction.setWaitsWhileBusy(false, .romeo, at: noon + 1)
            return try transaction.dueRetries(at: noon + 1, limit: 10)
        }
        #expect(due.count == 1)
        #expect(try await store.read { try $0.busyEnd(of: .romeo) } == nil)
    }
}
