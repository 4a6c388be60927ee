import Delivery
import Storage
import Testing

@testable import Daemon

@Suite("How often the progress of a delivery is told")
struct ProgressRhythmTests {
    private let rhythm = ProgressRhythm(interval: .seconds(5))

    private func isDue(_ sent: Int, of id: Int64 = 1, at second: Int) -> Bool {
        let event = DeliveryEvent.progress(FanOutRowID(rawValue: id), sent: sent, total: 100)
        return rhythm.isDue(event, at: .seconds(second))
    }

    @Test("not at the start, and then at most once in an interval")
    func interval() {
        let due = (0...12).filter { isDue($0, at: $0) }
        #expect(due == [5, 10])
    }

    @Test("not when all is sent: the end is told by itself")
    func end() {
        _ = isDue(1, at: 0)
        #expect(!isDue(100, at: 20))
    }

    @Test("each delivery has its own")
    func each() {
        _ = isDue(1, of: 1, at: 0)
        _ = isDue(1, of: 2, at: 3)
        #expect(isDue(2, of: 1, at: 5))
        #expect(!isDue(2, of: 2, at: 5))
        #expect(isDue(3, of: 2, at: 8))
    }
}
