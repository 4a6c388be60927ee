import Testing

@testable import Component

@Suite("Until when a server lived")
struct LifeSignsTests {
    private let begin = ContinuousClock.now
    private var signs: LifeSigns

    init() {
        signs = LifeSigns(now: begin)
    }

    private mutating func read(at seconds: Double) -> Duration {
        signs.read(at: begin + .seconds(seconds))
        return begin.duration(to: signs.last)
    }

    @Test("what is read proves life when something was read before, an answer when it was asked")
    mutating func proofs() {
        #expect(read(at: 0.5) == .zero)
        #expect(read(at: 0.75) == .seconds(0.5))
        signs.answered(askedAt: begin + .seconds(0.625))
        #expect(begin.duration(to: signs.last) == .seconds(0.625))
        signs.answered(askedAt: begin + .seconds(0.125))
        #expect(begin.duration(to: signs.last) == .seconds(0.625))
    }

    @Test("what lay in the socket while we did nothing proves no more than when that began")
    mutating func stopped() {
        #expect(read(at: 0.5) == .zero)
        // It takes several turns to be read.
        #expect(read(at: 300) == .seconds(0.5))
        #expect(read(at: 300.25) == .seconds(0.5))
        #expect(read(at: 300.75) == .seconds(0.5))
        #expect(read(at: 301.25) == .seconds(300.75))
    }

    @Test("a server that says something now and then is known to have lived when it did so before")
    mutating func seldom() {
        #expect(read(at: 10) == .zero)
        #expect(read(at: 20) == .seconds(10))
        #expect(read(at: 30) == .seconds(20))
    }
}
