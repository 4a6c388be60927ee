public import Foundation
public import Storage

/// The time that deliveries go back by: it goes forward only, whatever is done to the time of day.
///
/// What a server that died may have lost is what was acknowledged in its last seconds. The time of
/// day can't tell which that is, since it may be set in between: with a day set back, everything of
/// that day would seem to have been sent just now, and be sent again. So this time begins with the
/// time of day, and then goes by a clock that only counts, through all processes of one start of the
/// machine.
struct SteadyTime: Sendable {
    /// Under which the note stands in the database.
    static let key = "delivery.time"

    private let clock: BootClock
    private var origin: Date
    /// Whether the time of day was set back since the machine ran before: then nobody knows how long
    /// that is ago.
    private(set) var wasSetBack = false

    init(startingAt date: Date, by clock: BootClock) {
        self.clock = clock
        origin = date - clock.uptime().seconds
    }

    var now: Date { origin + clock.uptime().seconds }

    /// Goes on with the time of a process before, as far as that can be known.
    ///
    /// - Parameters:
    ///   - note: its ``note``.
    ///   - last: what it stored last.
    mutating func goOn(from note: String?, last: Date?) {
        if let origin = note.flatMap(noted) {
            self.origin = origin
        } else if let gap = last?.timeIntervalSince(now), gap > 0 {
            origin += gap
            wasSetBack = true
        }
    }

    /// What a process of the same start of the machine needs to go on; nil if that can't be told.
    var note: String? {
        clock.bootID.map { "\($0) \(origin.timeIntervalSince1970)" }
    }

    private func noted(_ note: String) -> Date? {
        let words = note.split(separator: " ")
        guard words.count == 2, let bootID = clock.bootID, words[0] == bootID else { return nil }
        return TimeInterval(words[1]).map { Date(timeIntervalSince1970: $0) }
    }
}

extension Transaction {
    /// The time by which deliveries are stored, at that time of day: for looking at them from outside.
    public func deliveryTime(at date: Date, by clock: BootClock = .system) throws -> Date {
        var time = SteadyTime(startingAt: date, by: clock)
        time.goOn(from: try setting(SteadyTime.key), last: nil)
        return time.now
    }
}
