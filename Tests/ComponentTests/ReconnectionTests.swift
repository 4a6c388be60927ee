import Testing

@testable import Component

@Suite("Coming back")
struct ReconnectionTests {
    /// Always the middle of a range, so that the jitter vanishes.
    private struct Middle: RandomNumberGenerator {
        func next() -> UInt64 { 1 << 63 }
    }

    private var generator = Middle()
    private let refused = Reconnection.Outcome.notOpened(.streamError(.init(.notAuthorized)))

    private mutating func seconds(
        _ reconnection: inout Reconnection,
        _ outcome: Reconnection.Outcome
    ) -> Double? {
        guard case .retry(let delay) = reconnection.finished(outcome, using: &generator) else {
            return nil
        }
        return ((delay / .milliseconds(1)).rounded()) / 1000
    }

    private func make(hasBeenOnline: Bool) -> Reconnection {
        Reconnection(timings: StreamTimings(), hasBeenOnline: hasBeenOnline)
    }

    @Test("delays double from half a second to a minute, and stay there")
    mutating func doubling() {
        var reconnection = make(hasBeenOnline: false)
        let delays = (0..<10).map { _ in seconds(&reconnection, .unreachable) }
        #expect(delays == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test("a stream that lasted makes them start again; one that broke at once does not")
    mutating func stability() {
        var reconnection = make(hasBeenOnline: true)
        let short = Reconnection.Outcome.ended(.lost(.disconnected), after: .seconds(1))
        let long = Reconnection.Outcome.ended(.closedByServer, after: .seconds(10))
        #expect(seconds(&reconnection, short) == 0.5)
        #expect(seconds(&reconnection, short) == 1)
        #expect(seconds(&reconnection, short) == 2)
        #expect(seconds(&reconnection, long) == 0.5)
        #expect(seconds(&reconnection, .unreachable) == 1)
    }

    @Test(
        "refused at the first connect ever: somebody has to change something",
        arguments: [StreamError.Condition.notAuthorized, .hostUnknown]
    )
    mutating func refusedAtFirst(condition: StreamError.Condition) {
        let error = StreamError(condition)
        var reconnection = make(hasBeenOnline: false)
        let order = reconnection.finished(.notOpened(.streamError(error)), using: &generator)
        #expect(order == .giveUp(error))
    }

    @Test("a server that is down at first is waited for, and may still refuse us afterwards")
    mutating func downAtFirst() {
        var reconnection = make(hasBeenOnline: false)
        #expect(seconds(&reconnection, .unreachable) == 0.5)
        #expect(seconds(&reconnection, .notOpened(.lost(.handshake(.timedOut)))) == 1)
        #expect(
            reconnection.finished(refused, using: &generator)
                == .giveUp(StreamError(.notAuthorized))
        )
    }

    @Test("refused after having been online, now or in an earlier life: slowly, for ever")
    mutating func refusedLater() {
        var earlier = make(hasBeenOnline: true)
        #expect(seconds(&earlier, refused) == 300)
        #expect(seconds(&earlier, refused) == 300)
        var now = make(hasBeenOnline: false)
        #expect(seconds(&now, .ended(.lost(.disconnected), after: .seconds(60))) == 0.5)
        #expect(seconds(&now, refused) == 300)
        // The slow delay is not part of the row.
        #expect(seconds(&now, .unreachable) == 1)
    }

    @Test("a conflict is never fatal, and two instances do not throw each other out in a hurry")
    mutating func conflict() {
        var reconnection = make(hasBeenOnline: false)
        let conflict = StreamEnd.streamError(StreamError(.conflict))
        #expect(seconds(&reconnection, .notOpened(conflict)) == 60)
        #expect(seconds(&reconnection, .ended(conflict, after: .seconds(99))) == 60)
    }

    @Test("jitter stays within a quarter, and is there")
    func jitter() {
        var generator = SystemRandomNumberGenerator()
        let delays = (0..<200).compactMap { _ -> Duration? in
            var reconnection = make(hasBeenOnline: true)
            let order = reconnection.finished(.unreachable, using: &generator)
            guard case .retry(let delay) = order else { return nil }
            return delay
        }
        #expect(delays.count == 200)
        #expect(delays.allSatisfy { $0 >= .milliseconds(375) && $0 <= .milliseconds(625) })
        #expect(Set(delays).count > 100)
    }
}
