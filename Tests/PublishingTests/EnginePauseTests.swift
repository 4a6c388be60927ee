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
        engine.treat { request in
            let asksForReaders =
                request.type == .get && request.payload?.child("subscriptions") != nil
            return asksForReaders ? .lost : .answered
        }
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await press.store.write {
            try $0.startEngineMove(of: name, at: service, isLeavingHome: false)
        }
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
