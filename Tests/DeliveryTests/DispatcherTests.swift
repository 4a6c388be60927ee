import Component
import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("Delivering on a good stream", .timeLimit(.minutes(10)))
struct DispatcherTests {
    let stand: Newsstand
    let listener = Listener()

    init() async throws {
        stand = try await Newsstand()
    }

    private func dispatcher(batch: Int = 10, window: Int = 4) throws -> Dispatcher {
        try stand.dispatcher(
            batch: batch,
            window: window,
            report: { [listener] in
                await listener.hear($0)
            }
        )
    }

    @Test("each reader gets it once, in the order of subscription, each in their own form")
    func everybodyOnce() async throws {
        try await stand.subscribe(1...95)
        let fanOut = try await stand.publish()
        let stream = ScriptedStream()
        try await deliver(with: try dispatcher(), on: stream, until: listener)

        let messages = try stream.messages()
        #expect(messages.map { $0.to?.description } == (1...95).map { "r\($0)@verona.lit" })
        #expect(Set(messages.compactMap(\.id)).count == 95)
        for (index, message) in messages.enumerated() {
            let isChat = (index + 1).isMultiple(of: 3)
            #expect(message.type == (isChat ? .chat : .normal))
            #expect((message.body == "issue") == isChat)
            #expect((message.child("event", in: .pubsubEvent) == nil) == isChat)
        }
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.state == .finished)
        #expect(stored.sent == 95)
        let finished = await listener.finished
        #expect(finished.map(\.fanOut) == [stored])
        #expect(finished.map(\.failures) == [0])
    }

    @Test("a barrier follows each batch, and progress is told as they are answered")
    func barriers() async throws {
        try await stand.subscribe(1...30)
        try await stand.publish()
        let stream = ScriptedStream()
        try await deliver(with: try dispatcher(), on: stream, until: listener)
        #expect(stream.pings == 3)
        let sent = await listener.events.compactMap { event -> Int? in
            if case .progress(_, let sent, let total) = event {
                #expect(total == 30)
                return sent
            }
            return nil
        }
        #expect(sent == sent.sorted())
        #expect(sent.last == 30)
    }

    @Test("a server that answers pings with an error has read them all the same")
    func errorAnswers() async throws {
        try await stand.subscribe(1...30)
        try await stand.publish()
        let stream = ScriptedStream(answers: .withErrors)
        try await deliver(with: try dispatcher(), on: stream, until: listener)
        #expect(await listener.finished.map(\.fanOut.sent) == [30])
    }

    @Test("nobody reads the node: it is finished at once")
    func noReaders() async throws {
        try await stand.publish()
        let stream = ScriptedStream()
        try await deliver(with: try dispatcher(), on: stream, until: listener)
        #expect(stream.writes == 0)
        #expect(await listener.finished.map(\.fanOut.total) == [0])
    }

    @Test("a retraction goes to those who got events only")
    func eventsOnly() async throws {
        try await stand.subscribe(1...9)
        try await stand.publish(kinds: [.event])
        let stream = ScriptedStream()
        try await deliver(with: try dispatcher(), on: stream, until: listener)
        #expect(try stream.messages().map(\.type) == Array(repeating: .normal, count: 6))
    }

    @Test("what is published while it waits goes out when it is woken")
    func wake() async throws {
        try await stand.subscribe(1...5)
        let (dispatcher, stream) = (try dispatcher(), ScriptedStream())
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            for number in 1...3 {
                try await stand.publish("issue-\(number)")
                await dispatcher.wake()
                try await listener.waitUntilFinished(number)
            }
            group.cancelAll()
        }
        #expect(try stream.messages().count == 15)
    }

    @Test("two fan-outs share the stream batch by batch")
    func fairness() async throws {
        try await stand.subscribe(1...60, onlyEvents: true)
        try await stand.publish("long")
        try await stand.publish("other")
        let stream = ScriptedStream()
        try await deliver(
            with: try dispatcher(),
            on: stream,
            until: listener,
            finished: 2
        )
        let items = try stream.messages().compactMap { $0.child("event", in: .pubsubEvent)?.text }
        let turns = stride(from: 0, to: items.count, by: 10).map { items[$0] }
        #expect(turns == (0..<6).flatMap { _ in ["long", "other"] })
    }

    @Test("of two about one item, readers get the correction after what it corrects")
    func correction() async throws {
        try await stand.subscribe(1...30, onlyEvents: true)
        let first = try await stand.publish()
        let second = try await stand.publish()
        let stream = ScriptedStream()
        try await deliver(with: try dispatcher(), on: stream, until: listener, finished: 2)
        #expect(await listener.finished.map(\.fanOut.id) == [first.id, second.id])
        let addresses = try stream.messages().map { $0.to?.description }
        #expect(addresses == (Array(1...30) + Array(1...30)).map { "r\($0)@verona.lit" })
    }

    @Test("what is corrected or retracted in the middle goes out after that, to all")
    func change() async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        let first = try await stand.publish()
        let stream = ScriptedStream { [stand] number in
            // After the first batch and its barrier.
            guard number == 2 else { return }
            _ = try? await stand.publish()
        }
        let dispatcher = try dispatcher(window: 1)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            try await listener.waitUntilFinished()
            await dispatcher.wake()
            try await listener.waitUntilFinished(2)
            group.cancelAll()
        }
        #expect(await listener.finished.first?.fanOut.id == first.id)
        let messages = try stream.messages()
        let addresses = messages.map { $0.to?.description }
        #expect(addresses == (Array(1...40) + Array(1...40)).map { "r\($0)@verona.lit" })
        #expect(Set(messages.map(\.id)).count == 80)
    }

    @Test("who joins after the start is not in it, and who leaves in the middle gets nothing")
    func joinAndLeave() async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        try await stand.publish()
        try await stand.subscribe(41...50)
        let stream = ScriptedStream { [stand] number in
            guard number == 1 else { return }
            _ = try? await stand.store.write { transaction in
                try transaction.unsubscribe(try JID("r35@verona.lit"), from: stand.node)
            }
        }
        try await deliver(with: try dispatcher(batch: 5, window: 1), on: stream, until: listener)
        let addresses = try stream.messages().map { $0.to?.description }
        #expect(addresses == (1...40).filter { $0 != 35 }.map { "r\($0)@verona.lit" })
        #expect(await listener.finished.map(\.fanOut.sent) == [39])
    }

    @Test(
        "one that is cancelled, or whose node is deleted, ends where it is",
        arguments: [true, false]
    )
    func ended(byCancelling: Bool) async throws {
        try await stand.subscribe(1...100)
        let doomed = try await stand.publish("doomed")
        let dispatcher = try dispatcher(window: 1)
        let stream = ScriptedStream { [stand] number in
            guard number == 3 else { return }
            _ = try? await stand.store.write { transaction in
                if byCancelling {
                    try transaction.setState(.cancelled, of: doomed.id, at: .now)
                } else {
                    try transaction.deleteNode(stand.node, at: .now)
                }
            }
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while stream.pings < 3 { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(100))
            group.cancelAll()
        }
        #expect(try stream.messages().count == 30)
        #expect(await listener.finished.isEmpty)
    }

    @Test(
        "what is held or cancelled before anything of it left does not begin to leave",
        arguments: [true, false]
    )
    func endedAtItsBegin(byCancelling: Bool) async throws {
        try await stand.store.write { try $0.noteMulticast(.auto) }
        try await stand.subscribe(1...50)
        let fanOut = try await stand.publish()
        let dispatcher = try stand.dispatcher(multicast: .auto)
        // While the first readers are read, a service is looked for.
        let stream = ScriptedStream(beforeRequest: { iq in
            let namespaces: [Namespace] = [.discoInfo, .discoItems]
            guard namespaces.contains(where: { iq.payload?.namespace == $0 }) else { return }
            if byCancelling {
                _ = try? await dispatcher.cancel(fanOut.id)
            } else {
                _ = try? await dispatcher.hold(fanOut.id)
            }
        })
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try await stand.fanOut(fanOut.id).state == .waiting {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
        }
        #expect(try stream.messages().isEmpty)
        #expect(try await stand.fanOut(fanOut.id).state == (byCancelling ? .cancelled : .held))
    }

    @Test("those who are tried again make no larger batch than others")
    func largeRetries() async throws {
        try await stand.subscribe(1...20)
        let body = String(repeating: "x", count: 300_000)
        let fanOut = try await stand.publish(saying: body)
        let dispatcher = try dispatcher(batch: 100)
        try await deliver(with: dispatcher, on: ScriptedStream(), until: listener)
        try await stand.store.write { transaction in
            for number in 1...20 {
                try transaction.recordException(
                    DeliveryExceptionRecord(
                        fanOut: fanOut.id,
                        subscription: SubscriptionRowID(rawValue: Int64(number)),
                        jid: try JID("r\(number)@verona.lit"),
                        kind: .retry,
                        nextAttemptAt: .now - 1,
                        condition: .remoteServerTimeout,
                        recordedAt: .now
                    )
                )
            }
        }
        let stream = ScriptedStream()
        try await dispatcher.retry(on: stream)
        #expect(try stream.messages().count == 20)
        // Four fill a mebibyte.
        #expect(stream.pings == 5)
    }

    @Test("one that is held waits, and goes on where it was when it is resumed")
    func held() async throws {
        try await stand.subscribe(1...50)
        let fanOut = try await stand.publish()
        let dispatcher = try dispatcher(window: 1)
        let stream = ScriptedStream { number in
            guard number == 2 else { return }
            _ = try? await dispatcher.hold(fanOut.id)
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try await stand.fanOut(fanOut.id).sent < 20 {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(try stream.messages().count == 20)
            #expect(try await stand.fanOut(fanOut.id).state == .held)
            #expect(try await dispatcher.resume(fanOut.id))
            try await listener.waitUntilFinished()
            group.cancelAll()
        }
        #expect(try stream.messages().count == 50)
        #expect(try await dispatcher.cancel(fanOut.id) == false)
    }

    @Test("a delivery keeps to its pace, and reaches everybody")
    func pace() async throws {
        try await stand.subscribe(1...40)
        try await stand.publish()
        let dispatcher = try stand.dispatcher(
            pace: 100,
            report: { [listener] in await listener.hear($0) }
        )
        let (stream, start) = (ScriptedStream(), ContinuousClock.now)
        try await deliver(with: dispatcher, on: stream, until: listener)
        #expect(start.duration(to: .now) > .milliseconds(250))
        #expect(try stream.messages().count == 40)
    }

    @Test("whose quiet hours begin in the middle of it is written to when they end, in its pace")
    func quietHours() async throws {
        // Readers 3, 6, … read in a chat, and are asleep from 22 to 7.
        try await stand.subscribe(1...60)
        let evening = try Date("2026-11-21T21:59:50Z", strategy: .iso8601)
        let time = TestTime(at: evening)
        let fanOut = try await stand.publish(at: evening)
        try await stand.store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            for number in 1...20 {
                try transaction.setQuietHours(hours, of: try JID("r\(number * 3)@verona.lit"))
            }
        }
        let stream = ScriptedStream { number in
            if number == 3 { time.advance(by: 20) }
        }
        func dispatcher(pace: Int = 0) throws -> Dispatcher {
            try stand.dispatcher(
                window: 1,
                pace: pace,
                time: time,
                report: { [listener] in await listener.hear($0) }
            )
        }
        let first = try dispatcher()
        try await deliver(with: first, on: stream, until: listener)
        await first.streamEnded(.closedByUs)
        let asleep = (1...20).map { $0 * 3 }.filter { $0 > 30 }
        #expect(try stream.messages().count == 50)
        let atNight = try stream.messages().suffix(20).compactMap { $0.to?.localpart }
        #expect(atNight.allSatisfy { name in !asleep.contains { name == "r\($0)" } })
        #expect(try await stand.fanOut(fanOut.id).total == 50)

        time.advance(by: 9 * 3600)
        let (morning, start) = (ScriptedStream(), ContinuousClock.now)
        let late = try dispatcher(pace: 20)
        try await withThrowingTaskGroup { group in
            group.addTask { try await late.run(on: morning) }
            group.addTask {
                while try morning.messages().count < 10 {
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
            try await group.next()
            group.cancelAll()
        }
        #expect(start.duration(to: .now) > .milliseconds(350))
        #expect(try morning.messages().map { $0.to?.localpart } == asleep.map { "r\($0)" })
    }

    @Test("who goes in the middle of it, and wants it only while there, gets none of it")
    func absent() async throws {
        try await stand.subscribe(1...60)
        let start = try Date("2026-11-21T12:00:50Z", strategy: .iso8601)
        let time = TestTime(at: start)
        let fanOut = try await stand.publish(at: start)
        let late = try JID("r59@verona.lit")
        try await stand.store.write { transaction in
            for record in try transaction.subscriptions(to: fanOut.node)
            where ["r7", "r8", "r59"].contains(record.jid.localpart) {
                var choice = record.choice
                choice.showValues = [.online]
                try transaction.setOptions(choice, of: record.id)
            }
            for name in ["r8", "r59"] {
                let end = name == "r59" ? start + 5 : start + 3_600
                let client = try JID("\(name)@verona.lit/script")
                try transaction.setPresence(
                    KnownPresence(client: client, show: .online, heardAt: start, until: end)
                )
            }
        }
        let stream = ScriptedStream { number in
            if number == 1 { time.advance(by: 20) }
        }
        let dispatcher = try stand.dispatcher(
            window: 1,
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let readers = try stream.messages().compactMap { $0.to?.localpart }
        #expect(readers.count == 58 && readers.contains("r8"))
        #expect(!readers.contains("r7") && !readers.contains(late.localpart ?? ""))
        #expect(try await stand.fanOut(fanOut.id).total == 58)
    }

    @Test("one that is held when its last batch is out is held for those who are asleep")
    func heldAtItsEnd() async throws {
        // Reader 3 reads in a chat.
        try await stand.subscribe(1...4)
        let night = try Date("2026-11-21T23:00:00Z", strategy: .iso8601)
        let time = TestTime(at: night)
        let fanOut = try await stand.publish(at: night)
        try await stand.store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: try JID("r3@verona.lit"))
        }
        let dispatcher = try stand.dispatcher(
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        let stream = ScriptedStream { number in
            guard number == 1 else { return }
            _ = try? await dispatcher.hold(fanOut.id)
        }
        try await deliver(with: dispatcher, on: stream, until: listener)
        #expect(try stream.messages().count == 3)
        let held = try await stand.fanOut(fanOut.id)
        #expect(held.state == .held)
        #expect(held.finishedAt != nil)
        time.advance(by: 9 * 3600)
        let morning = ScriptedStream()
        try await dispatcher.retry(on: morning)
        #expect(try morning.messages().isEmpty)
        #expect(try await dispatcher.resume(fanOut.id))
        try await dispatcher.retry(on: morning)
        #expect(try morning.messages().map { $0.to?.localpart } == ["r3"])
    }

    @Test(
        "after the deadline so are those who were asleep, or are tried again",
        arguments: [(3600, "link"), (0, "issue"), (100_000, "issue")]
    )
    func deadlineAfterQuietHours(seconds: Int, text: String) async throws {
        try await stand.subscribe(1...3)
        let night = try Date("2026-11-21T23:00:00Z", strategy: .iso8601)
        let time = TestTime(at: night)
        let variants = [
            VariantRecord(kind: .chat(.short), first: VariantKind.chatMessage("issue")),
            VariantRecord(kind: .chat(.link), first: VariantKind.chatMessage("link")),
        ]
        try await stand.store.write { [node = stand.node] transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: try JID("r3@verona.lit"))
            let item = known(ItemID(rawValue: "issue"))
            _ = try transaction.startFanOut(
                NewFanOut(node: node, item: item, variants: variants),
                at: night
            )
        }
        let dispatcher = try stand.dispatcher(
            deadline: .seconds(seconds),
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: ScriptedStream(), until: listener)
        time.advance(by: 9 * 3600)
        let morning = ScriptedStream()
        try await dispatcher.retry(on: morning)
        #expect(try morning.messages().map(\.body) == [text])
    }

    @Test("after the deadline readers are only told of the issue")
    func deadline() async throws {
        try await stand.subscribe(1...60, onlyEvents: true)
        try await stand.publish(kinds: [.event, .chat(.link)])
        let time = TestTime(at: .now)
        let stream = ScriptedStream { number in
            if number == 3 { time.advance(by: 7200) }
        }
        let dispatcher = try stand.dispatcher(
            window: 1,
            deadline: .seconds(3600),
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let types = try stream.messages().map(\.type)
        #expect(types == Array(repeating: .normal, count: 30) + Array(repeating: .chat, count: 30))
    }

    @Test(
        "a clock that is set in the middle of a delivery makes no issue old",
        arguments: [86_400, -86_400] as [Double]
    )
    func deadlineAndClockStep(step: Double) async throws {
        try await stand.subscribe(1...60, onlyEvents: true)
        try await stand.publish(kinds: [.event, .chat(.link)])
        let time = TestTime(at: .now)
        let stream = ScriptedStream { number in
            if number == 2 { time.set(by: step) }
            if number == 4 { time.advance(by: 7200) }
        }
        let dispatcher = try stand.dispatcher(
            window: 1,
            deadline: .seconds(3600),
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let types = try stream.messages().map(\.type)
        #expect(types == Array(repeating: .normal, count: 40) + Array(repeating: .chat, count: 20))
    }

    @Test("who is tried again counts as a batch of those that may be under way")
    func retriesInWindow() async throws {
        try await stand.subscribe(1...100)
        let old = try await stand.publish("old")
        let dispatcher = try dispatcher()
        try await deliver(with: dispatcher, on: ScriptedStream(), until: listener)
        await dispatcher.streamEnded(.closedByServer)
        try await stand.publish("new")
        let retries = try (1...10).map { number in
            DeliveryExceptionRecord(
                fanOut: old.id,
                subscription: SubscriptionRowID(rawValue: Int64(number)),
                jid: try JID("r\(number)@verona.lit"),
                kind: .retry,
                nextAttemptAt: .now - 1,
                condition: .remoteServerTimeout,
                recordedAt: .now
            )
        }
        let stream = ScriptedStream(answers: .never) { [stand] number in
            // The window is full with this one.
            guard number == 4 else { return }
            try? await stand.store.write { transaction in
                for retry in retries { try transaction.recordException(retry) }
            }
            await dispatcher.wake()
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try stream.messages().count < 40 { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(300))
            group.cancelAll()
        }
        #expect(try stream.messages().count == 40)
    }

    @Test("ten thousand readers get it, each once")
    func manyReaders() async throws {
        try await stand.subscribe(1...10_000)
        try await stand.publish()
        let stream = ScriptedStream()
        try await deliver(with: dispatcher(batch: 100), on: stream, until: listener)
        let receivers = try stream.messages().map(\.to)
        #expect(receivers.count == 10_000)
        #expect(Set(receivers).count == 10_000)
    }
}
