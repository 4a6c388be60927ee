import Foundation
import Testing
import XMPP

@testable import Delivery
@testable import Storage

@Suite("Errors that come back", .timeLimit(.minutes(10)))
struct BounceTests {
    let stand: Newsstand
    let dispatcher: Dispatcher
    let delivered: [Message]
    let fanOut: FanOutRecord

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...3)
        fanOut = try await stand.publish()
        let (stream, listener) = (ScriptedStream(), Listener())
        dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        // So that nothing is gone back into by the next one.
        await dispatcher.streamEnded(.closedByUs)
        delivered = try stream.messages()
    }

    private func exceptions() async throws -> [DeliveryExceptionRecord] {
        try await stand.store.read { [fanOut] in try $0.exceptions(of: fanOut.id) }
    }

    private func subscribers() async throws -> Int {
        try await stand.store.read { [stand] in try $0.subscriptionCount(of: stand.node) }
    }

    @Test(
        "a reader who is gone is subscribed no longer",
        arguments: [.gone, .itemNotFound] as [StanzaError.Condition]
    )
    func gone(_ condition: StanzaError.Condition) async throws {
        let error = delivered[1].reply(error: StanzaError(condition))
        let bounce = try await dispatcher.bounced(error)
        #expect(bounce?.verdict == .end)
        #expect(bounce?.reader.jid.description == "r2@verona.lit")
        #expect(try await subscribers() == 2)
        #expect(try await exceptions().map(\.kind) == [.failed])
    }

    @Test("an error that may mean anything is noted, and the subscription stays")
    func unavailable() async throws {
        let error = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        #expect(try await dispatcher.bounced(error)?.verdict == .score)
        #expect(try await subscribers() == 3)
        let exceptions = try await exceptions()
        #expect(exceptions.map(\.condition) == [.serviceUnavailable])
        #expect(exceptions.map(\.jid.description) == ["r1@verona.lit"])
    }

    @Test(
        "a passing error is to be tried again; one to a second copy, or another part, adds nothing"
    )
    func retry() async throws {
        let error = delivered[2].reply(error: StanzaError(.remoteServerTimeout))
        let first = try #require(try await dispatcher.bounced(error))
        #expect(first.verdict == .retry)
        let noted = try await exceptions()
        #expect(noted.map(\.kind) == [.retry])
        #expect(noted.map(\.attempts) == [2])
        #expect(try await dispatcher.bounced(error) == nil)
        #expect(try await exceptions() == noted)
    }

    @Test("an error that is said again is not stored again, nor counted, however it comes")
    func repeated() async throws {
        let unavailable = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        let together = try await dispatcher.bounced(Array(repeating: unavailable, count: 5))
        #expect(together.count == 1)
        let noted = try await exceptions()
        #expect(try await dispatcher.genuine([unavailable]).isEmpty)
        #expect(try await dispatcher.bounced(unavailable) == nil)
        var fromPhone = unavailable
        fromPhone.from = try JID("r1@verona.lit/phone")
        #expect(try await dispatcher.bounced(fromPhone) == nil)
        #expect(try await exceptions() == noted)
        // That there is no such reader any more is news, once.
        let gone = delivered[0].reply(error: StanzaError(.gone))
        #expect(try await dispatcher.bounced([gone, gone]).map(\.verdict) == [.end])
        #expect(try await dispatcher.bounced(gone) == nil)
        #expect(try await subscribers() == 2)
    }

    @Test("what said nothing new is not looked up for a moment, nor beyond the next attempt")
    func stale() async throws {
        let time = TestTime()
        let dispatcher = try stand.dispatcher(time: time)
        let stale = dispatcher.staleErrors
        let now = ContinuousClock.now
        let failed = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        let passing = delivered[1].reply(error: StanzaError(.remoteServerTimeout))
        _ = try await dispatcher.bounced([failed, passing])
        #expect(!stale.contain(failed) && !stale.contain(passing))
        time.advance(by: 59.5)
        #expect(try await dispatcher.bounced([failed, passing]).isEmpty)
        #expect(stale.contain(failed, at: now + .milliseconds(400)))
        #expect(stale.contain(passing, at: now + .milliseconds(400)))
        #expect(stale.contain(failed, at: now + .seconds(9)))
        // It is written again by then.
        #expect(!stale.contain(passing, at: now + .seconds(9)))
        #expect(!stale.contain(failed, at: now + .seconds(60)))
        var other = failed
        other.from = try JID("r1@verona.lit/phone")
        #expect(!stale.contain(other))
        #expect(!stale.contain(delivered[0].reply(error: StanzaError(.gone))))
        for number in 0..<50_000 {
            other.id = "\(number)"
            stale.add(other, for: .seconds(1))
        }
        #expect(stale.contain(other))
        #expect(stale.count <= StaleErrors.capacity)
    }

    @Test("whoever says one thing and another by turns is soon not heard any more")
    func byTurns() async throws {
        let errors = [StanzaError.Condition.remoteServerTimeout, .serviceUnavailable].map {
            delivered[0].reply(error: StanzaError($0))
        }
        var news = 0
        for number in 0..<100 where try await dispatcher.bounced(errors[number % 2]) != nil {
            news += 1
        }
        // Each time it is tried again is one of those it is tried at most.
        #expect(news == 2 * (DeliverySettings().attempts - 1))
        #expect(try await exceptions().map(\.kind) == [.failed])
    }

    @Test("an error that comes back while a retry is under way sets the next one")
    func quickError() async throws {
        let time = TestTime()
        let dispatcher = try stand.dispatcher(time: time)
        let error = delivered[0].reply(error: StanzaError(.remoteServerTimeout))
        _ = try await dispatcher.bounced(error)
        time.advance(by: 61)
        let date = time.now
        let due = try await stand.store.write { try $0.dueRetries(at: date, limit: 10) }
        // It is due, so that this one is news.
        let next = try #require(try await dispatcher.bounced(error)?.nextAttemptAt)
        #expect(next == date + 120)
        try await stand.store.write { try $0.noteRetried(known(due.first), dueAt: date, at: date) }
        #expect(try await exceptions().map(\.nextAttemptAt) == [next])
    }

    @Test("who is to be tried again gets the same stanza again, after growing pauses, then no more")
    func retries() async throws {
        // In whole seconds, so that sums are exact.
        let second = Date.now.timeIntervalSince1970.rounded(.up)
        let time = TestTime(at: Date(timeIntervalSince1970: second))
        let listener = Listener()
        let dispatcher = try stand.dispatcher(
            time: time,
            report: { await listener.hear($0) }
        )
        let stream = ScriptedStream()
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            let error = delivered[0].reply(error: StanzaError(.remoteServerTimeout))
            for attempt in 1...4 {
                let bounce = try await dispatcher.bounced(error)
                let pause = try #require(bounce?.nextAttemptAt).timeIntervalSince(time.now)
                #expect(pause == 60 * Double(1 << (attempt - 1)))
                time.advance(by: pause - 1)
                await dispatcher.wake()
                try await Task.sleep(for: .milliseconds(50))
                #expect(try stream.messages().count == attempt - 1)
                time.advance(by: 2)
                await dispatcher.wake()
                while try await exceptions().first?.nextAttemptAt != nil {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            #expect(try await dispatcher.bounced(error)?.nextAttemptAt == nil)
            group.cancelAll()
        }
        #expect(try stream.messages() == Array(repeating: delivered[0], count: 4))
        #expect(try await exceptions().map(\.kind) == [.failed])
    }

    @Test(
        "nobody is tried again who has left, or for whom there is something newer",
        arguments: ["left", "newer", "cancelled"]
    )
    func vainRetry(reason: String) async throws {
        let error = delivered[0].reply(error: StanzaError(.remoteServerTimeout))
        let bounce = try #require(try await dispatcher.bounced(error))
        if reason == "newer" { try await stand.publish() }
        let id = fanOut.id
        let due = try await stand.store.write { transaction in
            if reason == "left" { try transaction.endSubscription(bounce.reader.id) }
            if reason == "cancelled" {
                try transaction.run("UPDATE fanOut SET state = 'cancelled'")
            }
            return try transaction.dueRetries(at: .now + 3600, limit: 10)
        }
        #expect(due.isEmpty)
        #expect(try await stand.store.read { try $0.exceptions(of: id) }.isEmpty)
    }

    @Test(
        "a newer one that was cancelled replaces nothing for whom it had not reached",
        arguments: [0, 2]
    )
    func cancelledNewer(reached: Int64) async throws {
        let error = delivered[0].reply(error: StanzaError(.remoteServerTimeout))
        let bounce = try #require(try await dispatcher.bounced(error))
        let newer = try await stand.publish()
        let (id, reader) = (fanOut.id, bounce.reader.id)
        let due = try await stand.store.write { transaction in
            if reached > 0 {
                _ = try transaction.moveCursor(
                    of: newer.id,
                    to: SubscriptionRowID(rawValue: reached),
                    over: 2,
                    at: .now,
                    horizon: .distantPast
                )
            }
            try transaction.setState(.cancelled, of: newer.id, at: .now)
            return try transaction.dueRetries(at: .now + 3600, limit: 10)
        }
        #expect(due.map(\.recipient.subscription) == (reached == 0 ? [reader] : []))
        #expect(try await stand.store.read { try $0.exceptions(of: id) }.count == due.count)
    }

    @Test(
        "who was asleep and can't be reached in the morning has failed, and that is kept",
        arguments: [(.serviceUnavailable, 1), (.remoteServerTimeout, 2)]
            as [(StanzaError.Condition, Int)]
    )
    func asleep(_ condition: StanzaError.Condition, attempts: Int) async throws {
        // Soon after what the stand has sent, which is then not sent again.
        let night = Date() + 600
        let minute = Int(night.timeIntervalSince1970) / 60 % 1_440
        let (time, listener) = (TestTime(at: night), Listener())
        try await stand.store.write { transaction in
            let (start, end) = ((minute + 1_380) % 1_440, (minute + 480) % 1_440)
            let hours = QuietHours(from: start, until: end, in: "UTC")
            try transaction.setQuietHours(hours, of: try JID("r3@verona.lit"))
        }
        let issue = try await stand.publish("second", kinds: [.chat(.short)], at: night)
        let dispatcher = try stand.dispatcher(time: time, report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: ScriptedStream(), until: listener)
        time.advance(by: 9 * 3600)
        let morning = ScriptedStream()
        try await dispatcher.retry(on: morning)
        let message = try #require(try morning.messages().first)
        _ = try await dispatcher.bounced(message.reply(error: StanzaError(condition)))
        time.advance(by: 86_400)
        let later = time.now
        try await stand.store.write {
            try $0.pruneFanOuts(acknowledgedBefore: later, writtenBefore: later)
        }
        let exceptions = try await stand.store.read { try $0.exceptions(of: issue.id) }
        #expect(exceptions.map(\.attempts) == [attempts])
        let isRetried = condition == .remoteServerTimeout
        #expect(exceptions.map(\.kind) == [isRetried ? .retry : .failed])
        #expect(exceptions.map { $0.nextAttemptAt != nil } == [isRetried])
    }

    @Test("an issue counts once; too many suspend, once, until the reader asks again")
    func suspension() async throws {
        var verdicts: [Bool] = []
        for number in 0..<12 {
            let listener = Listener()
            let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
            let stream = ScriptedStream()
            // Each issue goes out twice, the second time corrected.
            try await stand.publish("issue-\(number / 2)")
            try await deliver(with: dispatcher, on: stream, until: listener)
            await dispatcher.streamEnded(.closedByUs)
            let reader = try JID("r1@verona.lit")
            guard let message = try stream.messages().first(where: { $0.to == reader }) else {
                verdicts.append(false)
                continue
            }
            let error = message.reply(error: StanzaError(.serviceUnavailable))
            let bounce = try await dispatcher.bounced(error, allowing: 4)
            verdicts.append(bounce?.isSuspended ?? false)
            #expect(bounce?.language == (bounce?.isSuspended == true ? "it" : nil))
        }
        #expect(verdicts == (0..<12).map { $0 == 6 })
        let node = stand.node
        #expect(try await stand.store.read { try $0.suspendedCount(of: node) } == 1)
        try await stand.store.write { transaction in
            _ = try transaction.subscribe(try JID("r1@verona.lit"), to: node, at: .now)
        }
        #expect(try await stand.store.read { try $0.suspendedCount(of: node) } == 0)
        let (stream, listener) = (ScriptedStream(), Listener())
        try await stand.publish("last")
        let last = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: last, on: stream, until: listener)
        #expect(try stream.messages().count == 3)
    }

    @Test("an error from a resource of the reader is the reader's")
    func resource() async throws {
        var error = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        error.from = try JID("r1@verona.lit/phone")
        #expect(try await dispatcher.bounced(error)?.reader.jid.description == "r1@verona.lit")
    }

    @Test("of a room that reads, only the room can say that nothing reaches it (XEP-0045 §7.9)")
    func room() async throws {
        let square = try JID("square@rooms.verona.lit")
        try await stand.store.write { [stand] transaction in
            _ = try transaction.subscribe(
                square,
                to: stand.node,
                choice: DeliveryChoice(form: .room),
                at: .now
            )
        }
        try await stand.publish("second", kinds: [.room])
        let (stream, listener) = (ScriptedStream(), Listener())
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        let announcement = try #require(try stream.messages().first)
        #expect(announcement.to == square)
        // It was started anew and has forgotten us, who come back.
        let forgotten = announcement.reply(error: StanzaError(.notAcceptable))
        #expect(try await dispatcher.bounced(forgotten)?.verdict == .retry)
        let error = announcement.reply(error: StanzaError(.gone))
        var forged = error
        forged.from = try JID("square@rooms.verona.lit/Tybalt")
        #expect(try await dispatcher.bounced(forged) == nil)
        #expect(try await subscribers() == 4)
        #expect(try await dispatcher.bounced(error)?.reader.jid == square)
        #expect(try await subscribers() == 3)
    }

    @Test("a resource that reads for itself and is gone is pruned")
    func goneResource() async throws {
        let orchard = try JID("romeo@verona.lit/orchard")
        try await stand.store.write { [stand] transaction in
            _ = try transaction.subscribe(orchard, to: stand.node, at: .now)
        }
        let second = try await stand.publish("second")
        let (stream, listener) = (ScriptedStream(), Listener())
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        let message = try #require(try stream.messages().first { $0.to == orchard })
        let error = message.reply(error: StanzaError(.serviceUnavailable))
        #expect(try await dispatcher.bounced(error)?.fanOut == second.id)
        #expect(try await subscribers() == 3)
    }

    @Test("a stranger who sends another's id ends nobody's subscription")
    func stranger() async throws {
        var error = delivered[0].reply(error: StanzaError(.gone))
        error.from = try JID("tybalt@verona.lit")
        #expect(try await dispatcher.bounced(error) == nil)
        #expect(try await subscribers() == 3)
        #expect(try await exceptions().isEmpty)
    }

    @Test("what is no error, or answers nothing of ours, is left alone")
    func unrelated() async throws {
        var message = delivered[0].reply(error: StanzaError(.gone))
        message.id = "something-else-19-ch"
        #expect(try await dispatcher.bounced(message) == nil)
        message.id = nil
        #expect(try await dispatcher.bounced(message) == nil)
        var chat = delivered[0]
        (chat.from, chat.to) = (chat.to, chat.from)
        #expect(try await dispatcher.bounced(chat) == nil)
    }

    @Test("errors that came together are noted together; false ones among them change nothing")
    func together() async throws {
        let unavailable = StanzaError(.serviceUnavailable)
        var (first, second) = (delivered[0], delivered[1])
        first = first.reply(error: unavailable)
        second = second.reply(error: StanzaError(.gone))
        var forged = second
        forged.from = try JID("tybalt@verona.lit/x")
        var strange = first
        strange.id = "1"
        let bounces = try await dispatcher.bounced([strange, first, forged, second])
        #expect(bounces.map(\.reader.jid.description) == ["r1@verona.lit", "r2@verona.lit"])
        #expect(bounces.map(\.verdict) == [.score, .end])
        #expect(bounces.map(\.sender) == [first.to, second.to])
    }

    @Test(
        "whose failure counts no more is forgotten, not within a day",
        arguments: [(90, 90), (2, 2), (0, 1)]
    )
    func oldErrors(expiry: Int, days: Double) async throws {
        let time = TestTime(at: .now)
        let dispatcher = try stand.dispatcher(
            failureExpiry: .seconds(expiry * 86_400),
            time: time
        )
        let error = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        #expect(try await dispatcher.bounced(error) != nil)
        time.advance(by: days * 86_400 - 60)
        try await dispatcher.forgetOldErrors()
        #expect(try await exceptions().count == 1)
        time.advance(by: 120)
        try await dispatcher.forgetOldErrors()
        #expect(try await exceptions().isEmpty)
        let failures = try await stand.store.read { [fanOut] in try $0.failures(of: fanOut.id) }
        #expect(failures == [FailureCount(condition: .serviceUnavailable, readers: 1)])
    }

    @Test("who was put off by a clock that was years ahead is tried again when it is right")
    func clockAhead() async throws {
        let time = TestTime(at: .now)
        let dispatcher = try stand.dispatcher(time: time)
        time.set(by: 315_360_000)
        let error = delivered[2].reply(error: StanzaError(.remoteServerTimeout))
        let bounce = try await dispatcher.bounced(error)
        #expect(try #require(bounce?.nextAttemptAt) > time.now)
        time.set(by: -315_360_000)
        let stream = ScriptedStream()
        try await dispatcher.retry(on: stream)
        #expect(try stream.messages().map(\.id) == [delivered[2].id])
    }

    @Test("whoever is to be tried again within the hours that may take is not tried sooner")
    func clockRight() async throws {
        let time = TestTime(at: .now)
        let dispatcher = try stand.dispatcher(time: time)
        let error = delivered[2].reply(error: StanzaError(.remoteServerTimeout))
        _ = try await dispatcher.bounced(error)
        try await stand.store.write { [time] transaction in
            try transaction.run(
                "UPDATE deliveryException SET nextAttemptAt = ?",
                [time.now.timeIntervalSince1970 + 25 * 3600]
            )
        }
        let stream = ScriptedStream()
        try await dispatcher.retry(on: stream)
        #expect(try stream.messages().isEmpty)
        time.advance(by: 25 * 3600)
        try await dispatcher.retry(on: stream)
        #expect(try stream.messages().count == 1)
    }
}

extension Dispatcher {
    /// Notes an error under a limit of its own.
    fileprivate func bounced(_ message: Message, allowing failures: Int) async throws -> Bounce? {
        var settings = settings
        settings.failuresAllowed = failures
        return try await store.write { [settings] transaction in
            try transaction.recordBounce(message, at: .now, settings: settings)
        }
    }
}
