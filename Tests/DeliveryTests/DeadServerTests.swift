import Component
import Foundation
import Testing
import XMPP

@testable import Delivery
@testable import Storage

@Suite("Delivering when servers die and streams are short", .timeLimit(.minutes(10)))
struct DeadServerTests {
    let stand: Newsstand
    let listener = Listener()
    let time = TestTime()

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...1000, onlyEvents: true)
    }

    private func dispatcher() throws -> Dispatcher {
        try stand.dispatcher(
            window: 1,
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
    }

    /// A server that takes one batch of ten each second, and dies in the last of so many.
    private func server(dyingAt batch: Int? = nil, age: Int? = nil) -> ScriptedStream {
        ScriptedStream(age: age, diesAtWrite: batch) { [time] _ in time.advance(by: 1) }
    }

    private func runUntilLost(_ dispatcher: Dispatcher, on stream: ScriptedStream) async {
        await #expect(throws: StreamClosed.self) { try await dispatcher.run(on: stream) }
    }

    private func readers(_ stream: ScriptedStream) throws -> Set<String> {
        Set(try stream.messages().compactMap { $0.to?.description })
    }

    @Test(
        "a server that is back before we notice that it was gone has lost what it had read last",
        arguments: [
            (.silent, 36, true), (.network("Connection reset by peer"), 36, true),
            // 127 s after it was 20 s old.
            (.silent, 147, false), (.silent, nil, true),
        ] as [(StreamEnd.LossReason, Int?, Bool)]
    )
    func halfOpen(reason: StreamEnd.LossReason, age: Int?, goesBack: Bool) async throws {
        try await stand.publish()
        let (dispatcher, first) = (try dispatcher(), server(dyingAt: 81, age: 20))
        await runUntilLost(dispatcher, on: first)
        time.advance(by: 45)
        await dispatcher.streamEnded(.lost(reason))
        time.advance(by: 1)
        let second = server(age: age)
        try await deliver(with: dispatcher, on: second, until: listener)
        let again = try second.messages().count - 200
        #expect(goesBack ? (290...330).contains(again) : again == 0, "\(again)")
        #expect(try readers(first).union(readers(second)).count == 1000)
    }

    @Test(
        "however late we hear of a server's death, what it had read last comes again",
        arguments: [.silent, .disconnected] as [StreamEnd.LossReason],
        [60.0, 300, 90_000]
    )
    func heardLate(reason: StreamEnd.LossReason, seconds: Double) async throws {
        try await stand.publish()
        let (dispatcher, first) = (try dispatcher(), server(dyingAt: 81, age: 20))
        await runUntilLost(dispatcher, on: first)
        time.advance(by: seconds)
        await dispatcher.streamEnded(.lost(reason))
        time.advance(by: 1)
        let second = server(age: 3)
        try await deliver(with: dispatcher, on: second, until: listener)
        let again = try second.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
        #expect(try readers(first).union(readers(second)).count == 1000)
    }

    @Test(
        "what has ended can be gone back into until the server was heard, however long that takes",
        arguments: [nil, .zero] as [Duration?]
    )
    func endedBeforeSilence(lived: Duration?) async throws {
        let fanOut = try await stand.publish()
        let (dispatcher, stream) = (try dispatcher(), ScriptedStream(lived: lived))
        try await deliver(with: dispatcher, on: stream, until: listener)
        time.advance(by: 3000)
        try await dispatcher.settle()
        await dispatcher.streamEnded(.lost(.silent))
        try await dispatcher.goBack(on: server(age: 3))
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.state == (lived == nil ? .running : .finished))
    }

    @Test(
        "a loss stands though a stream after it ended in order before anything was taken back",
        arguments: [false, true]
    )
    func orderlyEndAfterLoss(inNewProcess: Bool) async throws {
        try await stand.publish()
        let (dispatcher, first) = (try dispatcher(), server(dyingAt: 81))
        await runUntilLost(dispatcher, on: first)
        await dispatcher.streamEnded(.lost(.disconnected))
        // Of the second stream the delivery hears no more than this.
        await dispatcher.streamEnded(.closedByServer)
        let third = server()
        let next = inNewProcess ? try self.dispatcher() : dispatcher
        try await deliver(with: next, on: third, until: listener)
        let again = try third.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
    }

    @Test(
        "what gets on on none of three streams is held, says so, and can be resumed",
        arguments: [
            (.lost(.disconnected), .always),
            // The server shuts us out each time for what we write.
            (.streamError(StreamError(.policyViolation)), .never),
        ] as [(StreamEnd, ScriptedStream.Answers)]
    )
    func standstill(end: StreamEnd, answers: ScriptedStream.Answers) async throws {
        let fanOut = try await stand.publish()
        let dispatcher = try stand.dispatcher(
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        for _ in 1...3 {
            #expect(try await stand.fanOut(fanOut.id).state != .held)
            let stream = ScriptedStream(answers: answers, diesAtWrite: 3)
            await runUntilLost(dispatcher, on: stream)
            #expect(try stream.messages().count == 20)
            await dispatcher.streamEnded(end)
        }
        let last = ScriptedStream()
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: last) }
            while await !listener.events.contains(.stuck(fanOut.id)) {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await stand.fanOut(fanOut.id).state == .held)
            #expect(last.writes == 0)
            try await dispatcher.resume(fanOut.id)
            try await listener.waitUntilFinished()
            group.cancelAll()
        }
        #expect(try last.messages().count == 1000)
    }

    @Test("short streams hold nothing that gets on, be it slowly")
    func slowProgress() async throws {
        try await stand.publish()
        let dispatcher = try dispatcher()
        var reached: Set<String> = []
        for _ in 1...6 {
            let stream = server(dyingAt: 41)
            await runUntilLost(dispatcher, on: stream)
            reached.formUnion(try readers(stream))
            await dispatcher.streamEnded(.lost(.disconnected))
        }
        let last = server()
        try await deliver(with: dispatcher, on: last, until: listener)
        #expect(try reached.union(readers(last)).count == 1000)
        #expect(await listener.finished.count == 1)
    }

    @Test("a new issue does not wait for all whose quiet hours have just ended")
    func inTurn() async throws {
        try await stand.subscribe(1001...1200)
        try await stand.store.write { transaction in
            // It is 22:13.
            let hours = known(QuietHours(from: 22 * 60, until: 23 * 60, in: "UTC"))
            for number in 1001...1200 where number.isMultiple(of: 3) {
                try transaction.setQuietHours(hours, of: try JID("r\(number)@verona.lit"))
            }
        }
        try await stand.publish("old", at: time.now)
        let dispatcher = try dispatcher()
        try await deliver(with: dispatcher, on: ScriptedStream(), until: listener)
        await dispatcher.streamEnded(.closedByServer)
        time.advance(by: 3600)
        try await stand.publish("new", at: time.now)
        let morning = ScriptedStream()
        try await deliver(with: dispatcher, on: morning, until: listener, finished: 2)
        let isOld = try morning.messages().map { $0.body == "old" }
        #expect(isOld.prefix(10).allSatisfy { $0 })
        #expect(isOld.dropFirst(10).prefix(10).allSatisfy { !$0 })
        #expect(isOld.count { $0 } == 67)
    }
}
