import Foundation
import Storage

/// When to look anew at whose hours are quiet: before a fan-out is written to anybody, and then in
/// each minute in which it is, since hours begin with a minute.
struct QuietWatch {
    /// The minute for which was looked, for each fan-out.
    private var minutes: [FanOutRowID: Int] = [:]

    /// Whether it is time to look; it counts as done.
    mutating func isDue(for fanOut: FanOutRowID, at date: Date) -> Bool {
        let minute = Int((date.timeIntervalSince1970 / 60).rounded(.down))
        return minutes.updateValue(minute, forKey: fanOut) != minute
    }

    mutating func forget(_ fanOut: FanOutRowID) {
        minutes[fanOut] = nil
    }
}
