import Foundation

/// A time zone by its name in the tz database, in which people say and are told times.
public struct LocalZone: Hashable, Sendable {
    /// As it was written, `Europe/Berlin`.
    public let name: String
    private let zone: TimeZone

    public static let utc = LocalZone(name: "UTC", zone: .gmt)

    /// Nil if there is no zone of that name.
    ///
    /// A program that is linked statically has the zones only if the part of Foundation that holds
    /// them is asked for by name; ``knownNames`` does that. Without it every zone would be nil.
    public init?(_ name: String) {
        guard name != "UTC", name != "Z" else {
            self = .utc
            return
        }
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.init(name: name, zone: zone)
    }

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// The zones there are, in no order.
    public static var knownNames: [String] { TimeZone.knownTimeZoneIdentifiers + ["UTC"] }

    /// What a clock on the wall shows more than one in UTC, in seconds.
    func offset(at date: Date) -> Int { zone.secondsFromGMT(for: date) }

    /// The minute as a clock on the wall shows it, `2026-11-21 08:30`.
    func wallTime(at date: Date) -> String {
        Wording.moment(date.addingTimeInterval(Double(offset(at: date))))
    }

    /// The minute with the zone, `2026-11-21 08:30 (Europe/Berlin)`.
    func moment(_ date: Date) -> String { "\(wallTime(at: date)) (\(name))" }
}
