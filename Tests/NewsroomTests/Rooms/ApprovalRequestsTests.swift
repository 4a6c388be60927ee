import Testing

@testable import Newsroom

@Suite("Signs that approve")
struct ApprovalRequestsTests {
    private func requests() -> ApprovalRequests {
        var requests = ApprovalRequests()
        requests.sent("m1", about: "dispatch/x")
        requests.reflected("m1", as: "s1")
        return requests
    }

    @Test("a thumb approves once, and taking it away takes that back once")
    func thumb() {
        var requests = requests()
        #expect(requests.command(by: ["👀"], of: "romeo", at: "s1") == nil)
        #expect(requests.command(by: ["👍🏾"], of: "romeo", at: "s1") == "approve dispatch/x")
        #expect(requests.command(by: ["👍🏾", "🎉"], of: "romeo", at: "s1") == nil)
        #expect(requests.command(by: ["✅"], of: "juliet", at: "s1") == "approve dispatch/x")
        #expect(requests.command(by: [], of: "romeo", at: "s1") == "withdraw-approval dispatch/x")
        #expect(requests.command(by: [], of: "romeo", at: "s1") == nil)
    }

    @Test("a sign of which nothing came counts anew, be it set or taken away")
    func dropped() {
        var requests = requests()
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s1") != nil)
        requests.dropped(signOf: "romeo", at: "s1")
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s1") == "approve dispatch/x")
        #expect(requests.command(by: [], of: "romeo", at: "s1") != nil)
        requests.dropped(signOf: "romeo", at: "s1")
        #expect(requests.command(by: [], of: "romeo", at: "s1") == "withdraw-approval dispatch/x")
        requests.dropped(signOf: "romeo", at: "s9")
    }

    @Test("only messages that asked for it count, by the id that the room gave them")
    func others() {
        var requests = requests()
        requests.sent("m2", about: "dispatch/y")
        for id in ["m1", "m2", "s2"] {
            #expect(requests.command(by: ["👍"], of: "romeo", at: id) == nil)
        }
        requests.reflected("m2", as: "s2")
        requests.reflected("m9", as: "s9")
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s2") == "approve dispatch/y")
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s9") == nil)
    }

    @Test("the oldest is forgotten when there are many")
    func bounded() {
        var requests = requests()
        for number in 2...51 {
            requests.sent("m\(number)", about: "dispatch/x")
            requests.reflected("m\(number)", as: "s\(number)")
        }
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s1") == nil)
        #expect(requests.command(by: ["👍"], of: "romeo", at: "s2") != nil)
    }
}
