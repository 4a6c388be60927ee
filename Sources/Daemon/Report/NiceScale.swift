import Foundation

/// Round numbers along an axis from 0, a few of them, the last one at or above the highest value.
struct NiceScale: Hashable, Sendable {
    let step: Double
    let end: Double

    /// - Parameters:
    ///   - highest: the highest value there is.
    ///   - count: how many steps there should be, about.
    ///   - isWhole: whether there is nothing between two whole numbers.
    init(upTo highest: Double, count: Int = 4, isWhole: Bool = false) {
        let rough = max(highest, isWhole ? 1 : 0.001) / Double(count)
        let magnitude = pow(10, floor(log10(rough)))
        let factor = [1, 2, 5].first { rough <= $0 * magnitude } ?? 10
        let step = factor * magnitude
        self.step = isWhole ? max(1, step) : step
        end = max(1, (highest / self.step).rounded(.up)) * self.step
    }

    var ticks: [Double] {
        (0...Int((end / step).rounded())).map { Double($0) * step }
    }
}
