import Component
import Foundation
import Testing
import XMPP

@testable import Delivery
@testable import Storage

@Suite("Delivering across faults", .timeLimit(.minutes(10)))
struct LostStreamTests {
    let stand: Newsstand
    let listener = Listener()

    init() async throws {
        stand = try await Newsstand()
    }

    private func dispatcher(
        window: Int = 4,
        time: TestTime? = nil,
        bootID: String? = "one"
    ) throws -> Dispatcher {
        try stand.dispatcher(
            window: window,
            time: time,
            bootID: bootID,
            report: { [listener] in await listener.hear($0) }
        )
    }

    /// Runs until the stream dies of itself, which is told then.
    private func runUntilLost(
        _ dispatcher: Dispatcher,
        on stream: ScriptedStream,
        ending end: StreamEnd = .lost(.disconnected)
    ) async {
        await #expect(throws: StreamClosed.self) {
            try await dispatcher.run(on: stream)
        }
        await dispatcher.streamEnded(end)
    }

    private func ids(_ stream: ScriptedStream) throws -> [String: String] {
        Dictionary(
            try stream.messages().map { ($0.to?.description ?? "", $0.id ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test("a barrier that is not answered leaves the cursor where it is, and is asked again")
    func silence() async throws {
        try await stand.subscribe(1...100)
        let fanOut = try await stand.publish()
        let (dispatcher, stream) = (try dispatcher(), ScriptedStream(answers: .never))
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try stream.pings < 9 || stream.messages().count < 40 {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        #expect(try stream.messages().count == 40)
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.cursor == .start)
        #expect(stored.sent == 0)
    }

    @Test("the cursor is that of the last answered barrier")
    func partlyAnswered() async throws {
        try await stand.subscribe(1...100)
        let fanOut = try await stand.publish()
        let (dispatcher, stream) = (try dispatcher(), ScriptedStream(answers: .first(3)))
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try await stand.fanOut(fanOut.id).sent < 30 {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        #expect(try await stand.fanOut(fanOut.id).sent == 30)
        #expect(try stream.messages().count <= 70)
    }

    @Test(
        "after a restart of ours at most a window is sent again, with the same ids, though answers be lost",
        arguments: [0, 2]
    )
    func restart(lostAnswers: Int) async throws {
        try await stand.subscribe(1...200)
        try await stand.publish()
        let time = TestTime()
        let first = ScriptedStream(age: 3600, diesAtWrite: 12)
        await runUntilLost(try dispatcher(time: time), on: first)
        let second = ScriptedStream(age: 3600, lostAges: lostAnswers)
        try await deliver(with: try dispatcher(time: time), on: second, until: listener)

        let (before, after) = (try ids(first), try ids(second))
        #expect(Set(before.keys).union(after.keys).count == 200)
        let twice = Set(before.keys).intersection(after.keys)
        #expect(twice.count <= 40)
        #expect(twice.allSatisfy { before[$0] == after[$0] })
        #expect(await listener.finished.map(\.fanOut.sent) == [200])
    }

    @Test(
        "whichever write the stream dies at, every reader has the issue in the end",
        arguments: 1...21
    )
    func anyPlace(write: Int) async throws {
        try await stand.subscribe(1...200)
        try await stand.publish()
        let first = ScriptedStream(diesAtWrite: write)
        let dispatcher = try dispatcher()
        if write <= 20 {
            await runUntilLost(dispatcher, on: first)
        } else {
            try await deliver(with: dispatcher, on: first, until: listener)
        }
        let second = ScriptedStream()
        try await deliver(
            with: dispatcher,
            on: second,
            after: write <= 20 ? nil : .lost(.disconnected),
            until: listener,
            finished: write <= 20 ? 1 : 2
        )
        let (before, after) = (try ids(first), try ids(second))
        #expect(Set(before.keys).union(after.keys).count == 200)
        // All of it happened within the last 30 s, so all of it was taken back.
        #expect(after.count == 200)
        #expect(before.allSatisfy { after[$0.key] == $0.value })
    }

    @Test("after a clean end it goes on from the cursor")
    func cleanEnd() async throws {
        try await stand.subscribe(1...200)
        try await stand.publish()
        let (dispatcher, first) = (try dispatcher(window: 1), ScriptedStream(diesAtWrite: 11))
        await runUntilLost(dispatcher, on: first, ending: .closedByServer)
        let second = ScriptedStream()
        try await deliver(with: dispatcher, on: second, until: listener)
        #expect(try first.messages().count == 100)
        #expect(try second.messages().count == 100)
    }

    @Test("after a lost stream it goes back by 30 s before the loss, however long that is ago")
    func rewind() async throws {
        try await stand.subscribe(1...1000, onlyEvents: true)
        try await stand.publish()
        let time = TestTime()
        // One batch of ten each second; the stream dies after 80 of them.
        let first = ScriptedStream(diesAtWrite: 81) { _ in time.advance(by: 1) }
        let dispatcher = try dispatcher(window: 1, time: time)
        await runUntilLost(dispatcher, on: first)
        time.advance(by: 600)

        let second = ScriptedStream()
        try await deliver(with: dispatcher, on: second, until: listener)
        let again = try second.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
        #expect(Set(try ids(first).keys).union(try ids(second).keys).count == 1000)
    }

    @Test("what was finished long before a loss is not sent again")
    func finishedBefore() async throws {
        try await stand.subscribe(1...20)
        let fanOut = try await stand.publish()
        let time = TestTime()
        let dispatcher = try dispatcher(time: time)
        let stream = ScriptedStream(lived: .seconds(20))
        try await deliver(with: dispatcher, on: stream, until: listener)
        time.advance(by: 90)
        await dispatcher.streamEnded(.lost(.disconnected))
        try await dispatcher.goBack(on: ScriptedStream())
        #expect(try await stand.fanOut(fanOut.id).state == .finished)
    }

    @Test(
        "a server that was there before goes on, though the clock was set; another one does not",
        arguments: [(5, true), (0, false)]
    )
    func clockStep(age: Int, isSame: Bool) async throws {
        try await stand.subscribe(1...200)
        try await stand.publish()
        let time = TestTime()
        let dispatcher = try dispatcher(window: 1, time: time)
        let first = ScriptedStream(age: 3, diesAtWrite: 11)
        await runUntilLost(dispatcher, on: first)
        time.advance(by: 2)
        time.set(by: 20)
        let second = ScriptedStream(age: age)
        try await deliver(with: dispatcher, on: second, until: listener)
        #expect(try second.messages().count == (isSame ? 100 : 200))
    }

    @Test(
        "what came when quiet hours were over comes again if the server died then, not if long after",
        arguments: [
            (5, 0, nil, 1), (5, 86_400, nil, 1), (600, 0, .seconds(20), 0), (7200, 0, nil, 1),
        ] as [(Double, Double, Duration?, Int)]
    )
    func morning(later: Double, step: Double, lived: Duration?, expected: Int) async throws {
        let time = TestTime()
        let date = time.now
        try await stand.subscribe(1...3)
        try await stand.store.write { [node = stand.node] transaction in
            // It is 22:13.
            let hours = known(QuietHours(from: 22 * 60, until: 23 * 60, in: "UTC"))
            try transaction.setQuietHours(hours, of: try JID("r3@verona.lit"))
            let variants = [VariantKind.event, .chat(.short)].map { $0.sample(about: "issue") }
            let item = known(ItemID(rawValue: "issue"))
            _ = try transaction.startFanOut(
                NewFanOut(node: node, item: item, variants: variants),
                at: date
            )
        }
        let dispatcher = try dispatcher(time: time)
        let evening = ScriptedStream()
        try await deliver(with: dispatcher, on: evening, until: listener)
        #expect(try evening.messages().count == 2)
        time.set(by: step)
        time.advance(by: 3000)
        func run(on stream: ScriptedStream) async throws {
            try await withThrowingTaskGroup { group in
                group.addTask { try await dispatcher.run(on: stream) }
                // Until what was due is known to have been read.
                while try await stand.store.read({ try $0.nextRetry() }) != nil {
                    try await Task.sleep(for: .milliseconds(5))
                }
                time.advance(by: later)
                group.cancelAll()
            }
        }
        let first = ScriptedStream(lived: lived)
        await dispatcher.streamEnded(.closedByServer)
        try await run(on: first)
        #expect(try first.messages().map(\.to?.description) == ["r3@verona.lit"])
        await dispatcher.streamEnded(.lost(.disconnected))
        try await dispatcher.goBack(on: ScriptedStream())
        let second = ScriptedStream()
        try await dispatcher.retry(on: second)
        #expect(
            try second.messages().map(\.id) == Array(first.messages().map(\.id).prefix(expected))
        )
    }

    /// Delivers 80 of 100 batches of ten, one a second, in a process that then dies; its server is
    /// 900 s old after that.
    private func die(_ time: TestTime, cleanly: Bool = false) async throws -> ScriptedStream {
        try await stand.subscribe(1...1000, onlyEvents: true)
        try await stand.publish()
        let stream = ScriptedStream(age: 219, diesAtWrite: 81) { _ in time.advance(by: 1) }
        let dispatcher = try dispatcher(window: 1, time: time)
        let end = cleanly ? StreamEnd.closedByUs : .lost(.disconnected)
        await runUntilLost(dispatcher, on: stream, ending: end)
        time.advance(by: 600)
        return stream
    }

    @Test(
        "a new process goes back too, unless the last stream ended cleanly or its server still runs",
        arguments: [(false, nil), (false, 3), (false, 900), (true, nil)] as [(Bool, Int?)]
    )
    func powerCut(cleanly: Bool, age: Int?) async throws {
        let time = TestTime()
        let first = try await die(time, cleanly: cleanly)
        let second = ScriptedStream(age: age)
        let dispatcher = try dispatcher(time: time)
        try await deliver(with: dispatcher, on: second, until: listener)
        let again = try second.messages().count - 200
        let goesBack = !cleanly && age != 900
        #expect(goesBack ? (290...330).contains(again) : again == 0, "\(again)")
        #expect(Set(try ids(first).keys).union(try ids(second).keys).count == 1000)
    }

    @Test("a process that died long after a delivery was over repeats nothing of it")
    func settled() async throws {
        try await stand.subscribe(1...20)
        try await stand.publish()
        let time = TestTime()
        let (dispatcher, first) = (try dispatcher(time: time), ScriptedStream(lived: .zero))
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: first) }
            try await listener.waitUntilFinished()
            time.advance(by: 400)
            await dispatcher.wake()
            while try await stand.store.read({ try $0.firstUnsettledEnd() }) != nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        let second = ScriptedStream()
        try await withThrowingTaskGroup { group in
            let next = try self.dispatcher(time: time)
            group.addTask { try await next.run(on: second) }
            try await Task.sleep(for: .milliseconds(100))
            group.cancelAll()
        }
        #expect(second.writes == 0)
    }

    @Test(
        "a clock that is set brings nothing back that was delivered long before",
        arguments: [-86_400, 86_400] as [Double]
    )
    func clockSetBetweenDeliveries(step: Double) async throws {
        try await stand.subscribe(1...20)
        let time = TestTime()
        let dispatcher = try dispatcher(time: time)
        try await stand.publish("old")
        let first = ScriptedStream()
        try await deliver(with: dispatcher, on: first, until: listener)
        await dispatcher.streamEnded(.closedByServer)
        time.advance(by: 90)
        time.set(by: step)
        try await stand.publish("new")
        let second = ScriptedStream(lived: .zero, diesAtWrite: 2)
        await runUntilLost(dispatcher, on: second)
        time.advance(by: 1)
        let third = ScriptedStream()
        try await deliver(with: dispatcher, on: third, until: listener, finished: 2)
        let (old, new) = (try ids(first), try ids(third))
        #expect(new.count == 20)
        #expect(Set(new.values).isDisjoint(with: old.values))
    }

    @Test(
        "a clock set back while nothing ran loses nothing, and repeats nothing that is known",
        arguments: [
            // The server came up a moment ago, long after it had died.
            (bootID: "one", age: 3, goesBack: true),
            (bootID: "two", age: 3, goesBack: true),
            // It has been there all the time, which can't be told after a start of the machine.
            (bootID: "one", age: 900, goesBack: false),
            (bootID: "two", age: 900, goesBack: true),
        ]
    )
    func clockSetBackBetweenProcesses(bootID: String, age: Int, goesBack: Bool) async throws {
        let time = TestTime()
        let first = try await die(time)
        time.set(by: -86_400)
        let second = ScriptedStream(age: age)
        let dispatcher = try dispatcher(time: time, bootID: bootID)
        try await deliver(with: dispatcher, on: second, until: listener)
        let again = try second.messages().count - 200
        #expect(goesBack ? (290...330).contains(again) : again == 0, "\(again)")
        #expect(Set(try ids(first).keys).union(try ids(second).keys).count == 1000)
    }

    @Test(
        "a stream that is over before anything was taken back leaves that to the next one",
        arguments: [StreamEnd.lost(.disconnected), .closedByServer]
    )
    func goingBackInterrupted(end: StreamEnd) async throws {
        let time = TestTime()
        let first = try await die(time)
        let dispatcher = try dispatcher(time: time)
        // The server died with the stream, and is gone again before it can say how old it is.
        let second = ScriptedStream(age: 3, diesAtAge: true)
        await runUntilLost(dispatcher, on: second, ending: end)
        time.advance(by: 10)
        let third = ScriptedStream(age: 13)
        try await deliver(with: dispatcher, on: third, until: listener)
        let again = try third.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
        #expect(Set(try ids(first).keys).union(try ids(third).keys).count == 1000)
    }

    @Test("what dies with the stream on which it said that it had lost nothing comes again")
    func lostWhileGoingBack() async throws {
        try await stand.subscribe(1...1000, onlyEvents: true)
        try await stand.publish()
        let time = TestTime()
        let dispatcher = try dispatcher(window: 1, time: time)
        let first = ScriptedStream(age: 219, diesAtWrite: 81) { _ in time.advance(by: 1) }
        await runUntilLost(dispatcher, on: first)
        let second = ScriptedStream(
            age: 300,
            beforeAge: { await dispatcher.streamEnded(.lost(.disconnected)) }
        )
        try await dispatcher.goBack(on: second)
        let third = ScriptedStream(age: 0)
        try await deliver(with: dispatcher, on: third, until: listener)
        let again = try third.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
    }

    @Test("what was finished settles while a long delivery is under way")
    func settledMeanwhile() async throws {
        try await stand.subscribe(1...2)
        try await stand.publish("short")
        let time = TestTime()
        let dispatcher = try stand.dispatcher(
            pace: 1,
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        let stream = ScriptedStream(lived: .zero)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            try await listener.waitUntilFinished()
            // A minute's work.
            try await stand.subscribe(3...60)
            try await stand.publish("long")
            await dispatcher.wake()
            while stream.writes < 3 { try await Task.sleep(for: .milliseconds(5)) }
            time.advance(by: 400)
            await dispatcher.wake()
            while try await stand.store.read({ try $0.firstUnsettledEnd() }) != nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await listener.finished.count == 1)
            group.cancelAll()
        }
    }

    @Test("a database that fails for a while only delays: nobody is written twice")
    func databaseTrouble() async throws {
        try await stand.subscribe(1...100)
        try await stand.publish()
        let stream = ScriptedStream { [stand] number in
            guard number == 5 else { return }
            _ = try? await stand.store.write { transaction in
                try transaction.run(
                    """
                    CREATE TEMP TRIGGER broken BEFORE UPDATE ON fanOut
                    BEGIN SELECT raise(ABORT, 'the disk is tired'); END
                    """
                )
            }
        }
        try await withThrowingTaskGroup { group in
            let dispatcher = try dispatcher()
            group.addTask { try await dispatcher.run(on: stream) }
            while try stream.messages().count < 50 {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await listener.finished.isEmpty)
            #expect((50..<100).contains(try stream.messages().count))
            try await stand.store.write { try $0.run("DROP TRIGGER broken") }
            try await listener.waitUntilFinished()
            group.cancelAll()
        }
        #expect(try stream.messages().count == 100)
    }
}
