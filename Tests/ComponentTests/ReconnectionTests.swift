import Testing

@testable import Component

@Suite("Coming back")
struct ReconnectionTests {
    private let refused = Reconnection.Outcome.notOpened(.streamError(.init(.notAuthorized)))

    private func seconds(
        _ reconnection: inout Reconnection,
        _ outcome: Reconnection.Outcome
    ) -> Double? {
        guard case .retry(let delay) = reconnection.finished(outcome, chance: 0) else {
            return nil
        }
        return ((delay / .milliseconds(1)).rounded()) / 1000
    }

    private func make(hasBeenOnline: Bool) -> Reconnection {
        Reconnection(timings: StreamTimings(), hasBeenOnline: hasBeenOnline)
    }

    @Test("delays double from half a second to a minute, and stay there")
    func doubling() {
        var reconnection = make(hasBeenOnline: false)
        let delays = (0..<10).map { _ in seconds(&reconnection, .unreachable) }
        #expect(delays == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test("a stream that lasted makes them start again; one that broke at once does not")
    func stability() {
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
    func refusedAtFirst(condition: StreamError.Condition) {
        let error = StreamError(condition)
        var reconnection = make(hasBeenOnline: false)
        let order = reconnection.finished(.notOpened(.streamError(error)), chance: 0)
        #expect(order == .giveUp(error))
    }

    @Test("a server that is down at first is waited for, and may still refuse us afterwards")
    func downAtFirst() {
        var reconnection = make(hasBeenOnline: false)
        #expect(seconds(&reconnection, .unreachable) == 0.5)
        #expect(seconds(&reconnection, .notOpened(.lost(.handshake(.timedOut)))) == 1)
        #expect(
            reconnection.finished(refused, chance: 0)
                == .giveUp(StreamError(.notAuthorized))
        )
    }

    @Test("refused after having been online, now or in an earlier life: slowly, for ever")
    func refusedLater() {
        var earlier = make(hasBeenOnline: true)
        #expect(seconds(&earlier, refused) == 300)
        #expect(seconds(&earlier, refused) == 300)
        var now = make(hasBeenOnline: false)
        #expect(seconds(&now, .ended(.lost(.disconnected), after: .seconds(60))) == 0.5)
        #expect(seconds(&now, refused) == 300)
        // The slow delay is not part of the row.
        #expect(seconds(&now, .unreachable) == 1)
    }

    @Test("of several servers all have to refuse us; those that do not answer don't count")
    func refusedByAll() {
        let error = StreamError(.notAuthorized)
        var first = Reconnection(timings: StreamTimings(), hasBeenOnline: false, servers: 2)
        #expect(seconds(&first, refused) == 0.5)
        #expect(seconds(&first, .unreachable) == 1)
        #expect(first.finished(refused, chance: 0) == .giveUp(error))
        var later = Reconnection(timings: StreamTimings(), hasBeenOnline: true, servers: 2)
        #expect(seconds(&later, refused) == 0.5)
        #expect(seconds(&later, refused) == 300)
        // Whoever lets us in again begins a new row.
        #expect(seconds(&later, refused) == 1)
        #expect(seconds(&later, .ended(.lost(.disconnected), after: .seconds(60))) == 0.5)
        #expect(seconds(&later, refused) == 1)
    }

    @Test("a conflict is never fatal, and two instances do not throw each other out in a hurry")
    func conflict() {
        var reconnection = make(hasBeenOnline: false)
        let conflict = StreamEnd.streamError(StreamError(.conflict))
        #expect(seconds(&reconnection, .notOpened(conflict)) == 60)
        #expect(seconds(&reconnection, .ended(conflict, after: .seconds(99))) == 60)
    }

    @Test(
        "chance makes a delay up to a quarter shorter or longer",
        arguments: [(-1.0, 375), (-0.5, 437.5), (0, 500), (1, 625)]
    )
    func jitter(chance: Double, milliseconds: Double) {
        var reconnection = make(hasBeenOnline: true)
        let order = reconnection.finished(.unreachable, chance: chance)
        #expect(order == .retry(after: .microseconds(Int(milliseconds * 1000))))
    }
}
