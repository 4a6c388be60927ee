import Foundation
import Testing

@testable import Delivery

@Suite("The pace of deliveries")
struct PacerTests {
    /// How many of so many messages a second asked for go out in ten seconds.
    private func admitted(_ pacer: inout Pacer, _ address: String, asked: Int = 1000) -> Int {
        (0..<(10 * asked)).count { step in
            Array(address.utf8).withUnsafeBytes {
                pacer.admit(1, to: $0, at: 100 + Double(step) / Double(asked)) == nil
            }
        }
    }

    @Test("no more go out than are allowed, and no fewer", arguments: [1, 7, 100, 900])
    func pace(limit: Int) {
        var pacer = Pacer(pace: limit, domainPace: 0, ownDomain: "verona.lit")
        let count = admitted(&pacer, "romeo@verona.lit")
        #expect(abs(count - 10 * limit) <= limit / 10 + 1, "\(count)")
    }

    @Test("each domain has its own share, whatever the resource; our own server has no limit")
    func domains() {
        var pacer = Pacer(pace: 0, domainPace: 10, ownDomain: "verona.lit")
        #expect((99...101).contains(admitted(&pacer, "romeo@mantua.lit/orchard@home")))
        #expect((99...101).contains(admitted(&pacer, "padua.lit")))
        #expect(admitted(&pacer, "juliet@verona.lit") == 10_000)
    }

    @Test("who is refused is told when to come again")
    func pause() {
        var pacer = Pacer(pace: 4, domainPace: 0, ownDomain: "verona.lit")
        Array("a@b".utf8).withUnsafeBytes { address in
            #expect(pacer.admit(1, to: address, at: 10) == nil)
            #expect(pacer.admit(1, to: address, at: 10) == 0.25)
            #expect(pacer.admit(1, to: address, at: 10.125) == 0.125)
            #expect(pacer.admit(1, to: address, at: 10.25) == nil)
        }
    }

    @Test("several messages to one reader go together, and what comes after waits for all of them")
    func several() {
        var pacer = Pacer(pace: 4, domainPace: 2, ownDomain: "verona.lit")
        Array("romeo@mantua.lit".utf8).withUnsafeBytes { romeo in
            #expect(pacer.admit(6, to: romeo, at: 10) == nil)
            // One was saved up; five are missing, and the next one.
            #expect(pacer.admit(1, to: romeo, at: 10) == 1.5)
            #expect(pacer.admit(1, to: romeo, at: 11.5) == 1.5)
            #expect(pacer.admit(1, to: romeo, at: 13) == nil)
        }
        Array("juliet@verona.lit".utf8).withUnsafeBytes { juliet in
            #expect(pacer.admit(3, to: juliet, at: 14) == nil)
            #expect(pacer.admit(1, to: juliet, at: 14) == 0.75)
        }
    }

    @Test("a domain whose messages are not made up for is remembered, however many others come")
    func remembered() {
        var pacer = Pacer(pace: 0, domainPace: 1, ownDomain: "verona.lit")
        func admit(_ count: Int, _ address: String, at now: Double) -> Double? {
            Array(address.utf8).withUnsafeBytes { pacer.admit(count, to: $0, at: now) }
        }
        #expect(admit(100, "romeo@mantua.lit", at: 0) == nil)
        for other in 0..<20_000 { _ = admit(1, "reader@domain\(other).lit", at: 50) }
        #expect(admit(1, "romeo@mantua.lit", at: 50) == 50)
    }
}
