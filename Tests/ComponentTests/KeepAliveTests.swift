import Testing

@testable import Component

@Suite("Noticing that the server is gone")
struct KeepAliveTests {
    private let start = ContinuousClock.now
    private var keepAlive: KeepAlive

    init() {
        keepAlive = KeepAlive(silence: .seconds(30), answer: .seconds(15), now: start)
    }

    @Test("silence, a ping, more silence: dead after 45 seconds, and not before")
    mutating func dead() {
        #expect(keepAlive.deadline == start + .seconds(30))
        #expect(keepAlive.passed(to: start + .milliseconds(29_999)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(30)) == .ping)
        #expect(keepAlive.deadline == start + .seconds(45))
        #expect(keepAlive.passed(to: start + .seconds(31)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(45)) == .giveUp)
        #expect(keepAlive.deadline == nil)
        keepAlive.heard(at: start + .seconds(46))
        #expect(keepAlive.passed(to: start + .seconds(500)) == .wait)
    }

    @Test("any sign of life counts, before the ping and after it")
    mutating func heard() {
        keepAlive.heard(at: start + .seconds(20))
        #expect(keepAlive.passed(to: start + .seconds(49)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(50)) == .ping)
        keepAlive.heard(at: start + .seconds(60))
        #expect(keepAlive.passed(to: start + .seconds(70)) == .wait)
        #expect(keepAlive.deadline == start + .seconds(90))
        #expect(keepAlive.passed(to: start + .seconds(90)) == .ping)
    }

    @Test("while we do not read, silence means nothing")
    mutating func paused() {
        keepAlive.paused()
        #expect(keepAlive.deadline == nil)
        #expect(keepAlive.passed(to: start + .seconds(900)) == .wait)
        keepAlive.resumed(at: start + .seconds(900))
        #expect(keepAlive.passed(to: start + .seconds(929)) == .wait)
        #expect(keepAlive.passed(to: start + .seconds(930)) == .ping)
        keepAlive.paused()
        #expect(keepAlive.passed(to: start + .seconds(990)) == .wait)
        keepAlive.resumed(at: start + .seconds(990))
        #expect(keepAlive.passed(to: start + .seconds(1020)) == .ping)
    }
}
