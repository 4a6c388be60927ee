import Component
import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("Many readers at once, and another process or setting", .timeLimit(.minutes(5)))
struct MulticastRestartTests {
    let stand: Newsstand
    let listener = Listener()

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...400, onlyEvents: true)
    }

    /// Another process, in which multicast is used or not.
    private func dispatcher(_ multicast: DeliverySettings.Multicast) throws -> Dispatcher {
        try stand.dispatcher(
            batch: 40,
            multicast: multicast,
            report: { [listener] in await listener.hear($0) }
        )
    }

    /// Delivers until the stream dies, of which nobody answers a ping.
    private func writeAndDie(_ multicast: DeliverySettings.Multicast) async throws
        -> [String: Set<String>]
    {
        let stream = ScriptedStream(answers: .never, diesAtWrite: 3)
        let dispatcher = try dispatcher(multicast)
        await #expect(throws: StreamClosed.self) { try await dispatcher.run(on: stream) }
        return try Dictionary(grouping: stream.messages(), by: { $0.to?.description ?? "" })
            .mapValues { Set($0.compactMap(\.id)) }
    }

    private func deliver(
        _ multicast: DeliverySettings.Multicast,
        finished: Int = 1
    ) async throws -> MulticastServer {
        let (dispatcher, server) = (try dispatcher(multicast), MulticastServer(.works))
        server.tell(dispatcher.refusals)
        try await DeliveryTests.deliver(
            with: dispatcher,
            on: server,
            until: listener,
            finished: finished
        )
        return server
    }

    @Test("what was begun while it was off has the same ids when it is on, and later issues use it")
    func begunOff() async throws {
        let fanOut = try await stand.publish()
        let before = try await writeAndDie(.off)
        #expect(before.count == 80)
        // Nothing of what was written shows in what is stored.
        #expect(try await stand.fanOut(fanOut.id).state == .waiting)
        let server = try await deliver(.auto)
        #expect(server.stanzas == 0)
        #expect(server.copies.count == 400)
        for copy in server.copies {
            #expect(before[copy.reader].map { $0 == [copy.id] } ?? true, "\(copy.reader)")
        }
        try await stand.publish("another")
        #expect(try await deliver(.auto, finished: 2).stanzas > 0)
    }

    @Test("so has what was held in between, and what was finished and is taken back")
    func heldOrFinished() async throws {
        let held = try await stand.publish("held")
        let before = try await writeAndDie(.off)
        try await stand.store.write { _ = try $0.holdFanOut(held.id) }
        let finished = try await stand.publish("finished")
        let off = try await deliver(.off)
        #expect(off.copies.count == 400)
        // The stream ended with the process, so that all of it was perhaps lost.
        try await stand.store.write { _ = try $0.resumeFanOut(held.id) }
        let server = try await deliver(.auto, finished: 3)
        #expect(server.stanzas == 0)
        #expect(server.copies.count == 800)
        let all = Dictionary(grouping: off.copies + server.copies, by: \.reader)
        for (reader, copies) in all {
            // One of each of both.
            #expect(Set(copies.map(\.id)).union(before[reader] ?? []).count == 2, "\(reader)")
        }
        #expect(try await stand.fanOut(finished.id).multicast == .single)
    }

    @Test("what comes while no process runs goes to many at once, if it is on before and after")
    func waitedForRestart() async throws {
        try await stand.publish("first")
        #expect(try await deliver(.auto).stanzas == 0)
        let fanOut = try await stand.publish("second")
        let server = try await deliver(.auto, finished: 2)
        #expect(server.copies.count { $0.stanza != nil } >= 400)
        #expect(try await stand.fanOut(fanOut.id).multicast?.service != nil)
    }

    @Test("what was handed to the service before the death is still known after it")
    func usedBefore() async throws {
        try await stand.store.write { try $0.noteMulticast(.auto) }
        try await stand.publish()
        let dead = MulticastServer(.works, diesAtWrite: 1)
        let dispatcher = try dispatcher(.auto)
        await #expect(throws: StreamClosed.self) { try await dispatcher.run(on: dead) }
        let server = try await deliver(.off)
        #expect(server.stanzas == 0)
        let service = try JID(MulticastServer.service)
        #expect(await listener.finished.map(\.fanOut.usedService) == [service])
    }

    @Test("so does what was held before anything of it was written")
    func heldBefore() async throws {
        try await stand.store.write { try $0.noteMulticast(.auto) }
        let fanOut = try await stand.publish()
        try await stand.store.write { transaction in
            _ = try transaction.holdFanOut(fanOut.id)
            _ = try transaction.resumeFanOut(fanOut.id)
        }
        #expect(try await deliver(.auto).copies.allSatisfy { $0.stanza != nil })
    }
}
