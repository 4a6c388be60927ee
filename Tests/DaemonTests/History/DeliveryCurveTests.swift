import Foundation
import Storage
import Testing

@testable import Daemon

@Suite("The curve of a delivery")
struct DeliveryCurveTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    private func curve(_ count: Int, every seconds: Double) -> [DeliveryPoint] {
        var curve = DeliveryCurve()
        for index in 1...count {
            curve.add(
                DeliveryPoint(at: start.addingTimeInterval(Double(index) * seconds), sent: index)
            )
        }
        return curve.points
    }

    @Test(
        "stays small however long it takes, in order, and ends where the delivery is",
        arguments: [(1, 1.0), (2, 0.001), (101, 1), (1_000, 0.001), (100_000, 0.5)]
    )
    func small(count: Int, seconds: Double) {
        let points = curve(count, every: seconds)
        #expect(points.count <= DeliveryCurve.most + 1)
        #expect(points.first?.sent == 1)
        #expect(points.last?.sent == count)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.at < $1.at && $0.sent < $1.sent })
    }

    @Test("what is far apart is kept as it was")
    func kept() {
        #expect(curve(100, every: 0.2).map(\.sent) == Array(1...100))
    }

    @Test("keeps its shape: the points left are spread over the whole time")
    func spread() {
        let points = curve(10_000, every: 1)
        let gaps = zip(points, points.dropFirst()).map { $1.at.timeIntervalSince($0.at) }
        #expect(points.count > 40)
        #expect((gaps.max() ?? 0) < 400)
    }
}
