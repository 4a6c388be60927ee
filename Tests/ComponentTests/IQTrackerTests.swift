import Testing
import XMPP

@testable import Component

@Suite("Which answer belongs to which request")
struct IQTrackerTests {
    private let now = ContinuousClock.now
    private let juliet: JID
    private let romeo: JID
    private let domain: JID
    private var tracker: IQTracker<String>

    init() throws {
        juliet = try JID("juliet@capulet.lit/balcony")
        romeo = try JID("romeo@montague.lit")
        domain = try JID("news.verona.lit")
        tracker = IQTracker(ownDomain: domain)
    }

    @Test("a result and an error both answer, once")
    mutating func answers() {
        for type in [IQ.IQType.result, .error] {
            #expect(tracker.sending(id: "1", to: juliet, "waiting") != nil)
            #expect(tracker.received(IQ(type, id: "1", from: juliet)) == "waiting")
            #expect(tracker.received(IQ(type, id: "1", from: juliet)) == nil)
        }
        #expect(tracker.isEmpty)
    }

    @Test("the right id from somebody else is no answer")
    mutating func otherSender() {
        _ = tracker.sending(id: "1", to: juliet, "waiting")
        #expect(tracker.received(IQ(.result, id: "1", from: romeo)) == nil)
        #expect(tracker.received(IQ(.result, id: "1", from: juliet.bare)) == nil)
        #expect(tracker.received(IQ(.result, id: "1")) == nil)
        #expect(tracker.received(IQ(.result, id: "1", from: domain)) == nil)
        #expect(tracker.received(IQ(.result, id: "2", from: juliet)) == nil)
        #expect(tracker.received(IQ(.get, id: "1", from: juliet)) == nil)
        #expect(tracker.received(IQ(.result, id: "1", from: juliet)) == "waiting")
    }

    @Test("one id toward two addresses makes two requests; toward the same, it is refused")
    mutating func sharedID() {
        #expect(tracker.sending(id: "1", to: juliet, "J") != nil)
        #expect(tracker.sending(id: "1", to: romeo, "R") != nil)
        #expect(tracker.sending(id: "1", to: juliet, "J again") == nil)
        #expect(tracker.received(IQ(.result, id: "1", from: romeo)) == "R")
        #expect(tracker.received(IQ(.result, id: "1", from: juliet)) == "J")
    }

    @Test("what was asked without an address is answered without one or in our own name")
    mutating func noAddress() {
        _ = tracker.sending(id: "1", to: nil, "first")
        _ = tracker.sending(id: "2", to: nil, "second")
        #expect(tracker.received(IQ(.result, id: "1", from: romeo)) == nil)
        #expect(tracker.received(IQ(.result, id: "1")) == "first")
        #expect(tracker.received(IQ(.result, id: "2", from: domain)) == "second")
    }

    @Test("time runs from when the request is written, to the deadline and not a moment less")
    mutating func expiry() throws {
        let keys = [
            tracker.sending(id: "1", to: juliet, "first"),
            tracker.sending(id: "2", to: juliet, "second"),
        ]
        let first = try #require(keys[0])
        let second = try #require(keys[1])
        #expect(tracker.nextDeadline == nil)
        #expect(tracker.expire(at: now + .seconds(999)).isEmpty)
        tracker.sent(second, deadline: now + .seconds(30))
        tracker.sent(first, deadline: now + .seconds(20))
        #expect(tracker.nextDeadline == now + .seconds(20))
        #expect(tracker.expire(at: now + .milliseconds(19_999)).isEmpty)
        #expect(tracker.expire(at: now + .seconds(20)) == ["first"])
        #expect(tracker.received(IQ(.result, id: "1", from: juliet)) == nil)
        #expect(tracker.nextDeadline == now + .seconds(30))
        #expect(tracker.removeAll() == ["second"])
        #expect(tracker.isEmpty)
    }

    @Test("an answer that overtakes the end of its writing leaves nothing behind")
    mutating func overtaken() throws {
        let sending = tracker.sending(id: "1", to: juliet, "waiting")
        let key = try #require(sending)
        #expect(tracker.received(IQ(.result, id: "1", from: juliet)) == "waiting")
        tracker.sent(key, deadline: now)
        #expect(tracker.isEmpty && tracker.nextDeadline == nil)
    }

    @Test("ids differ within a process, and their prefix from that of others")
    func ids() {
        var ids = IDGenerator()
        let made = Set((0..<1000).map { _ in ids.next() })
        #expect(made.count == 1000)
        #expect(made.allSatisfy { $0.utf8.count <= 12 })
        let prefixes = (0..<8).map { _ -> Substring in
            var other = IDGenerator()
            return other.next().prefix { $0 != "-" }
        }
        #expect(Set(prefixes).count > 1)
    }
}
