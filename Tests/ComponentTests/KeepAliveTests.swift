import Testing

@testable import Component

@Suite("Noticing that the server is gone")
struct KeepAliveTests {
    private let start = ContinuousClock.now
    private var keepAlive: KeepAlive

    init() {
        keepAlive = KeepAlive(
            silence: .seconds(30),
            answer: .seconds(15),
            deafness: .seconds(60),
            now: start
        )
    }

    @Test("silence, a ping, more silence: dead after 45 seconds, and not before")
    mutating func dead() {
        #expect(keepAlive.deadline == start + .seconds(30))
        #expect(keepAlive.passed(to: start + .milliseconds(29_999)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(30)) == .ping)
        #expect(keepAlive.deadline == start + .seconds(45))
        #expect(keepAlive.passed(to: start + .seconds(31)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(45)) == .giveUpSilent)
        #expect(keepAlive.deadline == nil)
        keepAlive.heard(at: start + .seconds(46))
        #expect(keepAlive.passed(to: start + .seconds(500)) == .wait)
    }

    @Test("any sign of life counts, before the ping and after it")
    mutating func heard() {
        keepAlive.heard(at: start + .seconds(20))
        keepAlive.answered(at: start + .seconds(20))
        #expect(keepAlive.passed(to: start + .seconds(49)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(50)) == .ping)
        keepAlive.heard(at: start + .seconds(60))
        keepAlive.answered(at: start + .seconds(60))
        #expect(keepAlive.passed(to: start + .seconds(70)) == .wait)
        #expect(keepAlive.deadline == start + .seconds(90))
        #expect(keepAlive.passed(to: start + .seconds(90)) == .ping)
    }

    @Test("while we do not read, silence means nothing")
    mutating func paused() {
        keepAlive.paused(at: start)
        #expect(keepAlive.deadline == nil)
        #expect(keepAlive.passed(to: start + .seconds(900)) == .wait)
        keepAlive.resumed(at: start + .seconds(900))
        #expect(keepAlive.passed(to: start + .seconds(929)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(930)) == .ping)
        keepAlive.paused(at: start + .seconds(931))
        #expect(keepAlive.passed(to: start + .seconds(990)) == .wait)
        keepAlive.resumed(at: start + .seconds(990))
        #expect(keepAlive.passed(to: start + .seconds(1020)) == .ping)
    }

    @Test("an alarm that rings late says more of us: what the server has said is read first")
    mutating func heldUp() {
        #expect(keepAlive.passed(to: start + .seconds(30)) == .ping)
        var punctual = keepAlive
        punctual.rang(for: start + .seconds(45), at: start + .seconds(46))
        #expect(punctual.passed(to: start + .seconds(46)) == .giveUpSilent)
        keepAlive.rang(for: start + .seconds(45), at: start + .seconds(100))
        #expect(keepAlive.passed(to: start + .seconds(100)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(130)) == .ping)
        #expect(keepAlive.passed(to: start + .seconds(145)) == .giveUpSilent)
    }

    /// Lets the server talk each second up to `end`, and returns what was ordered, and when.
    private mutating func talk(_ seconds: ClosedRange<Int>) -> [Int: KeepAlive.Order] {
        var orders: [Int: KeepAlive.Order] = [:]
        for second in seconds {
            keepAlive.heard(at: start + .seconds(second))
            let order = keepAlive.passed(to: start + .seconds(second))
            if order != .wait { orders[second] = order }
        }
        return orders
    }

    @Test("a server that talks without a pause is asked too, and left after a minute unanswered")
    mutating func deaf() {
        #expect(talk(1...200) == [30: .ping, 90: .giveUpDeaf])
        #expect(keepAlive.deadline == nil)
    }

    @Test("an answer, even a late one, shows that the server reads")
    mutating func answered() {
        #expect(talk(1...80) == [30: .ping])
        keepAlive.answered(at: start + .seconds(80))
        #expect(keepAlive.deadline == start + .seconds(110))
        #expect(talk(81...109) == [:])
        // A request of somebody else was answered: no ping is needed.
        keepAlive.answered(at: start + .seconds(109))
        #expect(talk(110...140) == [139: .ping])
    }

    @Test("the time in which we do not read does not count against the server's answer")
    mutating func slowReader() {
        #expect(talk(1...40) == [30: .ping])
        keepAlive.paused(at: start + .seconds(40))
        keepAlive.resumed(at: start + .seconds(1040))
        #expect(talk(1041...1089) == [:])
        #expect(talk(1090...1100) == [1090: .giveUpDeaf])
    }
}
