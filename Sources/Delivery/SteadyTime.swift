import Foundation

/// The time that deliveries go back by: it goes forward only, whatever is done to the time of day.
///
/// What a server that died may have lost is what was acknowledged in its last seconds. The time of
/// day can't tell which that is, since it may be set in between: with a day set back, everything of
/// that day would seem to have been sent just now, and be sent again. So this time begins with the
/// time of day, or where the process before had come if that is later, and then goes by a clock that
/// only counts.
struct SteadyTime: Sendable {
    private var origin: Date
    private let uptime: @Sendable () -> Duration
    /// Whether the time of day was set back since the process before: then nobody knows how long ago
    /// that one ended.
    private(set) var wasSetBack = false

    /// - Parameters:
    ///   - date: the time of day.
    ///   - uptime: what has passed since any moment that stays the same.
    init(startingAt date: Date, uptime: @escaping @Sendable () -> Duration) {
        origin = date - uptime().seconds
        self.uptime = uptime
    }

    var now: Date { origin + uptime().seconds }

    /// Goes on from where the process before had come, unless that is past.
    mutating func goOn(from date: Date) {
        let gap = date.timeIntervalSince(now)
        guard gap > 0 else { return }
        origin += gap
        wasSetBack = true
    }
}
