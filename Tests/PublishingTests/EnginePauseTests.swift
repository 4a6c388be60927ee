import Clocks
import Engine
import Foundation
import Storage
import Synchronization
import Testing
import XMPP

@testable import Publishing

@Suite("What does not get through to an engine is tried again after a pause, or when asked to")
struct EnginePauseTests {
    private let press: Press
    private let clock = ManualClock()
    /// How often it was tried: the first request of each attempt is not answered.
    private let attempts = Attempts()

    init() async throws {
        press = try await Press(engine: ForeignService.address)
    }

    private func makeCourier() throws -> EngineCourier {
        var settings = EngineSettings()
        settings.retryDelay = .seconds(5)
        return try #require(
            EngineCourier(
                of: press.newsletter,
                pubsub: press.service,
                store: press.store,
                settings: settings,
                clock: clock
            )
        )
    }

    private func beginToMoveHome() async throws {
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await press.store.write {
            try $0.startEngineMove(of: name, at: service, isLeavingHome: false)
        }
    }

    /// Runs the courier while the body does what it does; `onAttempt` is told the number of each attempt.
    private func run(
        _ courier: EngineCourier,
        onAttempt: @escaping @Sendable (Int) async -> Void = { _ in },
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [attempts] in
                await courier.run { _ in
                    await onAttempt(attempts.count())
                    throw ForeignService.NoAnswer()
                }
            }
            try await body()
            group.cancelAll()
        }
    }

    private func wait(until isSo: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(180)
        while !isSo() {
            guard ContinuousClock.now < end else { throw ForeignService.NoAnswer() }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Whether it has been tried so often, and the next pause has begun.
    private func isPausing(after number: Int) -> Bool {
        attempts.number == number && clock.sleepers == 1
    }

    @Test("when the pause is over, and no sooner, whatever else is to be done; the next is longer")
    func over() async throws {
        let courier = try makeCourier()
        try await run(courier) {
            try await wait { isPausing(after: 1) }
            clock.advance(by: .milliseconds(4_999))
            await courier.wake()
            // It gets a chance to be wrong.
            try await Task.sleep(for: .milliseconds(20))
            #expect(isPausing(after: 1))
            clock.advance(by: .milliseconds(1))
            try await wait { isPausing(after: 2) }
            clock.advance(by: .milliseconds(9_999))
            try await Task.sleep(for: .milliseconds(20))
            #expect(isPausing(after: 2))
            clock.advance(by: .milliseconds(1))
            try await wait { isPausing(after: 3) }
        }
    }

    @Test("when somebody wants it, though no time has passed, and then after a pause as ever")
    func urged() async throws {
        let courier = try makeCourier()
        try await run(courier) {
            try await wait { isPausing(after: 1) }
            await courier.urge()
            try await wait { isPausing(after: 2) }
            clock.advance(by: .seconds(10))
            try await wait { isPausing(after: 3) }
        }
    }

    @Test("what is published does not wait for the pause of a move that does not go on")
    func moveHeld() async throws {
        let engine = try ForeignService()
        engine.treat { $0.asksForReaders ? .lost : .answered }
        try await beginToMoveHome()
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            try await wait { clock.sleepers == 1 }
            try await press.publisher.publish([press.edition()], of: press.newsletter)
            await courier.wake()
            try await wait { engine.changes == ["publish 2026-04-05-dispatch"] }
            group.cancelAll()
        }
    }

    @Test("a move that does not go on is not tried again by what else is done, but after its pause")
    func moveRests() async throws {
        let engine = try ForeignService()
        engine.treat { $0.asksForReaders ? .lost : .answered }
        try await beginToMoveHome()
        func attempts() -> Int { engine.asked.count(where: \.asksForReaders) }
        func move() async throws -> EngineMove? {
            try await press.store.read { try $0.engineMove(of: press.newsletter.name) }
        }
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            try await wait { clock.sleepers == 1 }
            for number in 1...5 {
                try await press.publisher.publish(
                    [press.edition(of: "2026-0\(number)-05-dispatch", text: "\(number)")],
                    of: press.newsletter
                )
                await courier.wake()
                try await wait { engine.changes.count == number }
            }
            // It gets a chance to be wrong.
            try await Task.sleep(for: .milliseconds(20))
            #expect(attempts() == 1)
            #expect(try await move()?.obstacle != nil)
            // The next pause is longer, though other things went well in between.
            clock.advance(by: .seconds(5))
            try await wait { attempts() == 2 && clock.sleepers == 1 }
            clock.advance(by: .milliseconds(9_999))
            await courier.wake()
            try await Task.sleep(for: .milliseconds(20))
            #expect(attempts() == 2)
            engine.treat { _ in .answered }
            clock.advance(by: .milliseconds(1))
            try await wait { attempts() > 2 }
            let end = ContinuousClock.now + .seconds(180)
            while try await move()?.phase != .moved, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await move()?.obstacle == nil)
            group.cancelAll()
        }
    }

    @Test("a move that rests is tried at once when somebody wants it")
    func moveUrged() async throws {
        let engine = try ForeignService()
        engine.treat { $0.asksForReaders ? .lost : .answered }
        try await beginToMoveHome()
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            for number in 1...3 {
                try await wait {
                    engine.asked.count(where: \.asksForReaders) == number && clock.sleepers == 1
                }
                await courier.urge()
            }
            group.cancelAll()
        }
    }

    @Test("a move that is being tried in vain when somebody wants it is tried once more at once")
    func moveUrgedMeanwhile() async throws {
        let engine = try ForeignService()
        engine.treat { $0.asksForReaders ? .lost : .answered }
        try await beginToMoveHome()
        let (courier, urged) = (try makeCourier(), Once())
        try await withThrowingTaskGroup { group in
            group.addTask {
                await courier.run { request in
                    if request.asksForReaders, urged.isFirst() { await courier.urge() }
                    return try await engine.ask(request)
                }
            }
            // It gets a while to be wrong.
            for _ in 0..<400 where engine.asked.count(where: \.asksForReaders) < 2 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(engine.asked.count(where: \.asksForReaders) == 2)
            group.cancelAll()
        }
    }

    /// An engine that does not let us make the node of the first language, and how often it was asked to.
    private func engineForbiddingNode() throws -> (engine: ForeignService, attempts: () -> Int) {
        let (engine, forbidden) = (try ForeignService(), StanzaError(.forbidden))
        let node = press.newsletter.defaultFeed.node.rawValue
        engine.treat {
            $0.payload?.child("create")?["node"] == node ? .refused(forbidden) : .answered
        }
        return (engine, { engine.asked.count { $0.payload?.child("create")?["node"] == node } })
    }

    @Test("a node that we may not make is tried after its pause, no sooner, whatever else is done")
    func nodeRests() async throws {
        let (engine, attempts) = try engineForbiddingNode()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            try await wait { attempts() == 1 && clock.sleepers == 1 }
            for number in 1...3 {
                try await press.publisher.publish(
                    [press.edition("de", of: "2026-0\(number)-05-dispatch", text: "\(number)")],
                    of: press.newsletter
                )
                await courier.wake()
                try await wait { engine.changes.count == number }
            }
            // It gets a chance to be wrong.
            try await Task.sleep(for: .milliseconds(20))
            #expect(attempts() == 1)
            // What else is done makes the pause no longer, and the next one is.
            clock.advance(by: .seconds(5))
            try await wait { attempts() == 2 && clock.sleepers == 1 }
            clock.advance(by: .milliseconds(9_999))
            await courier.wake()
            try await Task.sleep(for: .milliseconds(20))
            #expect(attempts() == 2)
            clock.advance(by: .milliseconds(1))
            try await wait { attempts() == 3 && clock.sleepers == 1 }
            await courier.urge()
            try await wait { attempts() == 4 }
            group.cancelAll()
        }
    }

    @Test("what waits for a node that we may not make waits since it was published")
    func nodeWaitsSince() async throws {
        let (engine, attempts) = try engineForbiddingNode()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let before = try await press.store.read { try $0.engineFigures() }
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            for (number, pause) in [(1, 5), (2, 10)] {
                try await wait { attempts() == number && clock.sleepers == 1 }
                clock.advance(by: .seconds(pause))
            }
            try await wait { attempts() == 3 && clock.sleepers == 1 }
            group.cancelAll()
        }
        #expect(before.map(\.count) == [1])
        #expect(try await press.store.read { try $0.engineFigures() } == before)
    }

    @Test("a node that was made ours is served on the next stream, though its pause is not over")
    func nodeOnNextStream() async throws {
        let (engine, attempts) = try engineForbiddingNode()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let courier = try makeCourier()
        for number in 1...2 {
            try await withThrowingTaskGroup { group in
                group.addTask { await courier.run { try await engine.ask($0) } }
                try await wait { attempts() == number && clock.sleepers == 1 }
                group.cancelAll()
            }
        }
    }

    @Test("what passes for one reader makes the pauses for the next no longer")
    func nextReader() async throws {
        let engine = try ForeignService()
        engine.treat { request in
            let changesReaders =
                request.type == .set && request.payload?.child("subscriptions") != nil
            return changesReaders
                ? .refused(StanzaError(.internalServerError, type: .wait)) : .answered
        }
        func attempts() -> Int {
            engine.asked.count { $0.type == .set && $0.payload?.child("subscriptions") != nil }
        }
        let (name, node) = (press.newsletter.name, press.newsletter.defaultFeed.node)
        let service = try JID(ForeignService.address)
        try await press.store.write { transaction in
            for reader in ["juliet@capulet.lit", "romeo@montague.lit"] {
                let wish = EngineReaderWish(
                    newsletter: name,
                    service: service,
                    node: node,
                    reader: try JID(reader),
                    isSubscribed: false
                )
                try transaction.addEngineReader(wish, at: .monday)
            }
        }
        let courier = try makeCourier()
        try await withThrowingTaskGroup { group in
            group.addTask { await courier.run { try await engine.ask($0) } }
            try await wait { attempts() == 1 && clock.sleepers == 1 }
            clock.advance(by: .seconds(5))
            try await wait { attempts() == 2 && clock.sleepers == 1 }
            clock.advance(by: .seconds(10))
            // The third time it is given up, and the next is tried.
            try await wait { attempts() == 4 && clock.sleepers == 1 }
            clock.advance(by: .milliseconds(4_999))
            try await Task.sleep(for: .milliseconds(20))
            #expect(attempts() == 4)
            clock.advance(by: .milliseconds(1))
            // It gets a while to be wrong.
            for _ in 0..<400 where attempts() < 5 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(attempts() == 5)
            group.cancelAll()
        }
    }

    @Test("when somebody wants it while it is being tried in vain")
    func urgedMeanwhile() async throws {
        let courier = try makeCourier()
        try await run(courier) { number in
            if number == 1 { await courier.urge() }
        } _: {
            try await wait { isPausing(after: 2) }
        }
    }
}

private final class Attempts: Sendable {
    private let counted = Mutex(0)

    var number: Int { counted.withLock { $0 } }

    /// Counts one more, and gives its number.
    func count() -> Int {
        counted.withLock { number in
            number += 1
            return number
        }
    }
}
