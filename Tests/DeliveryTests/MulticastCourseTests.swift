import Component
import Foundation
import Storage
import Testing
import XMPP

@testable import Delivery

@Suite("Many readers at once, and what comes in between", .timeLimit(.minutes(5)))
struct MulticastCourseTests {
    let stand: Newsstand
    let listener = Listener()

    init() async throws {
        stand = try await Newsstand()
        try await stand.store.write { try $0.noteMulticast(.auto) }
        try await stand.subscribe(1...400, onlyEvents: true)
    }

    private func dispatcher(pace: Int = 0, window: Int = 2) throws -> Dispatcher {
        try stand.dispatcher(
            batch: 40,
            window: window,
            pace: pace,
            multicast: .auto,
            report: { [listener] in await listener.hear($0) }
        )
    }

    /// Delivers until the body returns.
    private func run(
        _ dispatcher: Dispatcher,
        on server: MulticastServer,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        server.tell(dispatcher.refusals)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: server) }
            group.addTask(operation: body)
            try await group.next()
            group.cancelAll()
        }
    }

    /// Waits until it is so, for some seconds.
    private func until(_ isSo: @Sendable () async throws -> Bool) async throws {
        for _ in 1...2000 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("waited in vain")
    }

    // MARK: - In turns

    @Test(
        "two issues take turns, and each reader has both once",
        arguments: [.works, .refuses(12...12)] as [MulticastServer.Service]
    )
    func inTurns(service: MulticastServer.Service) async throws {
        let fanOuts = [try await stand.publish("one"), try await stand.publish("two")]
        let server = MulticastServer(service)
        try await run(try dispatcher(window: 4), on: server) { [listener] in
            try await listener.waitUntilFinished(2)
        }
        let items = server.copies.compactMap(\.body?.text)
        // The second began before the first was through.
        #expect(known(items.firstIndex(of: "two")) < known(items.lastIndex(of: "one")))
        for item in ["one", "two"] {
            let copies = server.copies.filter { $0.body?.text == item }
            let ids = Dictionary(grouping: copies, by: \.reader).mapValues { Set($0.map(\.id)) }
            #expect(ids.count == 400)
            #expect(ids.values.allSatisfy { $0.count == 1 })
        }
        for fanOut in fanOuts {
            let stored = try await stand.fanOut(fanOut.id)
            #expect((stored.state, stored.sent) == (.finished, 400))
            switch service {
            case .works:
                #expect(stored.multicastEnd == nil)
            default:
                // Whose stanza it was does not matter: the service is as little good to the other.
                #expect(stored.multicastEnd?.contains("Too many receiver fields") == true)
            }
        }
        // What was not yet confirmed of both, a window in all, is the most that comes twice.
        #expect(server.copies.count <= 800 + 4 * 40)
    }

    // MARK: - At a pace

    @Test("a pace counts readers, not stanzas")
    func paced() async throws {
        try await stand.publish()
        let server = MulticastServer(.works)
        let began = ContinuousClock.now
        try await run(try dispatcher(pace: 400), on: server) { [listener] in
            try await listener.waitUntilFinished()
        }
        // A tenth of a second's worth may go at once; as many stanzas would have taken a tenth of it.
        #expect(began.duration(to: .now) > .milliseconds(800))
        #expect(server.copies.count == 400)
        #expect(server.mostAddresses > 1)
        #expect(Set(server.copies.map(\.reader)).count == 400)
    }

    // MARK: - Held and cancelled

    @Test("what is held in the middle goes on through the service, and comes to nobody twice")
    func held() async throws {
        let fanOut = try await stand.publish()
        let dispatcher = try dispatcher()
        let server = MulticastServer(
            .works,
            beforeWrite: { number in
                if number == 3 { _ = try? await dispatcher.hold(fanOut.id) }
            }
        )
        try await run(dispatcher, on: server) { [stand, listener] in
            try await until {
                let stored = try await stand.fanOut(fanOut.id)
                return stored.state == .held && stored.sent == 120
            }
            try await Task.sleep(for: .milliseconds(100))
            #expect(server.copies.count == 120)
            try await dispatcher.resume(fanOut.id)
            try await listener.waitUntilFinished()
        }
        #expect(server.copies.count == 400)
        #expect(Set(server.copies.map(\.reader)).count == 400)
        #expect(server.copies.allSatisfy { $0.stanza != nil })
        #expect(try await stand.fanOut(fanOut.id).multicastEnd == nil)
    }

    @Test(
        "a service that loses or refuses what was on its way when it was held costs nobody their copy",
        arguments: [.ends(at: 4, silently: true), .refusesSlowly(4)] as [MulticastServer.Service]
    )
    func heldAndLost(service: MulticastServer.Service) async throws {
        let fanOut = try await stand.publish()
        let dispatcher = try dispatcher()
        let server = MulticastServer(
            service,
            beforeWrite: { number in
                if number == 2 { _ = try? await dispatcher.hold(fanOut.id) }
            }
        )
        try await run(dispatcher, on: server) { [stand, listener] in
            try await until { try await stand.fanOut(fanOut.id).multicastEnd != nil }
            try await Task.sleep(for: .milliseconds(100))
            // Nothing is written as long as it is held, be it to those who lost theirs.
            #expect(server.copies.allSatisfy { $0.stanza != nil })
            #expect(try await stand.fanOut(fanOut.id).state == .held)
            try await dispatcher.resume(fanOut.id)
            try await listener.waitUntilFinished()
        }
        let ids = Dictionary(grouping: server.copies, by: \.reader).mapValues { $0.map(\.id) }
        #expect(ids.count == 400)
        #expect(ids.values.allSatisfy { Set($0).count == 1 })
        let stored = try await stand.fanOut(fanOut.id)
        #expect((stored.state, stored.sent) == (.finished, 400))
    }

    @Test("what is cancelled in the middle ends there, whatever the service refuses then")
    func cancelled() async throws {
        let fanOut = try await stand.publish()
        let dispatcher = try dispatcher()
        let server = MulticastServer(
            .works,
            beforeWrite: { number in
                if number == 3 { _ = try? await dispatcher.cancel(fanOut.id) }
            }
        )
        try await run(dispatcher, on: server) { [stand, listener] in
            try await until { server.copies.count == 120 }
            let refusal = Message(
                .error,
                id: server.copies.first?.id,
                from: try JID(MulticastServer.service),
                to: try JID("news.verona.lit")
            ) { StanzaError(.notAcceptable).element }
            dispatcher.refusals.note(.stanza(.message(refusal)))
            _ = try await dispatcher.bounced([refusal])
            try await Task.sleep(for: .milliseconds(100))
            #expect(server.copies.count == 120)
            #expect(try await stand.store.read { try $0.exceptions(of: fanOut.id) } == [])
            // What comes next is as if nothing had been.
            try await stand.publish("another")
            await dispatcher.wake()
            try await listener.waitUntilFinished()
        }
        let others = server.copies.filter { $0.body?.text == "another" }
        #expect(Set(others.map(\.reader)).count == 400)
        #expect(others.count == 400)
        #expect(try await stand.fanOut(fanOut.id).state == .cancelled)
    }
}
