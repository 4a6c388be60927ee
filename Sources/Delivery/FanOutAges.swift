import Foundation
import Storage

/// How old fan-outs are: from when this process saw them first it goes by the steady time, so that nobody
/// makes one old by setting a clock.
struct FanOutAges {
    /// More have seldom to be known, and the newest ones.
    private static let capacity = 1000

    private var firstSeen: [FanOutRowID: (age: TimeInterval, at: Date)] = [:]

    /// The age in seconds, never below 0.
    ///
    /// - Parameters:
    ///   - fanOut: what is looked at.
    ///   - date: the time of day, by which it was created.
    ///   - steady: the steady time.
    /// - Returns: The seconds that have passed since it was created.
    mutating func age(of fanOut: FanOutRecord, at date: Date, steady: Date) -> TimeInterval {
        if let seen = firstSeen[fanOut.id] {
            return seen.age + max(0, steady.timeIntervalSince(seen.at))
        }
        let age = max(0, date.timeIntervalSince(fanOut.createdAt))
        firstSeen[fanOut.id] = (age, steady)
        if firstSeen.count > Self.capacity {
            let oldest = firstSeen.keys.sorted().prefix(Self.capacity / 2)
            for id in oldest { firstSeen[id] = nil }
        }
        return age
    }
}
