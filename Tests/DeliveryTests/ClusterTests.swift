import Component
import Foundation
import Testing
import XMPP

@testable import Delivery
@testable import Storage

/// The nodes of a cluster answer for one domain, and each tells its own age.
@Suite("Delivering through a cluster", .timeLimit(.minutes(10)))
struct ClusterTests {
    let stand: Newsstand
    let listener = Listener()
    let time = TestTime()
    let beginning: Date

    init() async throws {
        beginning = time.now
        stand = try await Newsstand()
        try await stand.subscribe(1...1000, onlyEvents: true)
        try await stand.publish()
    }

    private func dispatcher() throws -> Dispatcher {
        try stand.dispatcher(
            window: 1,
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
    }

    /// A stream to the node that was so old at the beginning; it takes one batch of ten each second.
    private func node(_ age: Int?, dyingAt batch: Int? = nil) -> ScriptedStream {
        let passed = Int(time.now.timeIntervalSince(beginning))
        return ScriptedStream(age: age.map { $0 + passed }, diesAtWrite: batch) { [time] _ in
            time.advance(by: 1)
        }
    }

    private func runUntilLost(_ dispatcher: Dispatcher, on stream: ScriptedStream) async {
        await #expect(throws: StreamClosed.self) { try await dispatcher.run(on: stream) }
        await dispatcher.streamEnded(.lost(.disconnected))
    }

    private func readers(_ stream: ScriptedStream) throws -> Set<String> {
        Set(try stream.messages().compactMap { $0.to?.description })
    }

    @Test(
        "what a node had read that died goes out again by another, however old that is, and only once",
        arguments: [(300, 5000), (300, 305), (300, 250), (nil, 5000)] as [(Int?, Int)],
        [false, true]
    )
    func otherNode(ages: (first: Int?, second: Int), inNewProcess: Bool) async throws {
        let (dispatcher, first) = (try dispatcher(), node(ages.first, dyingAt: 81))
        await runUntilLost(dispatcher, on: first)
        let next = inNewProcess ? try self.dispatcher() : dispatcher
        let second = node(ages.second, dyingAt: 11)
        await runUntilLost(next, on: second)
        let last = inNewProcess ? try self.dispatcher() : next
        let third = node(ages.second)
        try await deliver(with: last, on: third, until: listener)

        let again = try readers(first).intersection(readers(second).union(readers(third))).count
        #expect((290...330).contains(again), "\(again)")
        #expect(try readers(second).isDisjoint(with: readers(third)))
        #expect(try readers(first).union(readers(second)).union(readers(third)).count == 1000)
    }

    @Test("a node that is there still has what it read", arguments: [false, true])
    func sameNode(inNewProcess: Bool) async throws {
        let (dispatcher, first) = (try dispatcher(), node(300, dyingAt: 81))
        await runUntilLost(dispatcher, on: first)
        let second = node(300)
        let next = inNewProcess ? try self.dispatcher() : dispatcher
        try await deliver(with: next, on: second, until: listener)
        #expect(try second.messages().count == 200)
    }

    @Test("what a node had read goes out again though the next one dies when it is asked its age")
    func interrupted() async throws {
        let (dispatcher, first) = (try dispatcher(), node(300, dyingAt: 81))
        await runUntilLost(dispatcher, on: first)
        await runUntilLost(dispatcher, on: ScriptedStream(age: 5000, diesAtAge: true))
        let third = node(5000)
        try await deliver(with: dispatcher, on: third, until: listener)
        let again = try third.messages().count - 200
        #expect((290...330).contains(again), "\(again)")
    }

    @Test("a node that takes long to tell its age is not sent everything again")
    func slowAnswers() async throws {
        let dispatcher = try dispatcher()
        var count = 0
        for number in 1...4 {
            // As old as when it was asked, or as when it answered.
            let age = 300 + (number.isMultiple(of: 2) ? 8 : 0)
            let passed = Int(time.now.timeIntervalSince(beginning))
            let stream = ScriptedStream(
                age: age + passed,
                diesAtWrite: 11,
                beforeWrite: { [time] _ in time.advance(by: 1) },
                beforeAge: { [time] in time.advance(by: 8) }
            )
            await runUntilLost(dispatcher, on: stream)
            count += try stream.messages().count
        }
        let last = node(300)
        try await deliver(with: dispatcher, on: last, until: listener)
        #expect(try count + last.messages().count == 1000)
    }
}
