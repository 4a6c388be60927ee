import Testing

@testable import Component

@Suite("What waits for the delegate")
struct BacklogTests {
    @Test("it is full by what its news weigh; what was taken weighs nothing, and the order stays")
    func weight() {
        var backlog = Backlog(capacity: 100)
        #expect(backlog.isEmpty)
        backlog.add(.opened)
        backlog.add(.arrived([]), weight: 99)
        #expect(!backlog.isFull)
        backlog.add(.refused([]), weight: 0)
        #expect(!backlog.isFull)
        backlog.add(.arrived([]), weight: 1)
        #expect(backlog.isFull)
        backlog.add(.arrived([]), weight: 100)
        let kinds = backlog.removeAll().map { news in
            switch news {
            case .opened: "opened"
            case .arrived: "arrived"
            case .refused: "refused"
            }
        }
        #expect(kinds == ["opened", "arrived", "refused", "arrived", "arrived"])
        #expect(backlog.isEmpty && !backlog.isFull)
    }
}
