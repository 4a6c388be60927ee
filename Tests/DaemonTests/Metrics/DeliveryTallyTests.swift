import Delivery
import Storage
import Testing

@testable import Daemon

@Suite("Readers who are counted as reached")
struct DeliveryTallyTests {
    private let metrics = ServiceMetrics()
    private let tally: DeliveryTally

    init() {
        tally = DeliveryTally(metrics)
    }

    private var reached: Double? {
        for sample in metrics.registry.samples where sample.family == .readersReached {
            if case .number(let number) = sample.value { return number }
        }
        return nil
    }

    private func progress(_ id: Int64, _ sent: Int) {
        tally.count(.progress(FanOutRowID(rawValue: id), sent: sent, total: 100))
    }

    @Test("each is counted once, and once more where a delivery goes back")
    func once() {
        progress(1, 10)
        progress(2, 5)
        progress(1, 30)
        #expect(reached == 35)
        progress(1, 20)
        #expect(reached == 35)
        progress(1, 25)
        #expect(reached == 40)
    }

    @Test("deliveries are not remembered for ever, and one that was forgotten is not counted anew")
    func memory() {
        for id in 1...5_000 { progress(Int64(id), 2) }
        #expect(reached == 10_000)
        #expect(tally.count <= 1_000)
        // The newest can still be gone back into.
        progress(5_000, 1)
        progress(5_000, 2)
        #expect(reached == 10_001)
        progress(3, 50)
        #expect(reached == 10_001)
        progress(3, 60)
        #expect(reached == 10_011)
    }
}
