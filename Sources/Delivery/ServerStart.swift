import Foundation

/// When a server started, by the steady time, as far as its age tells (XEP-0012 §4).
///
/// All nodes of a cluster answer for one domain, and each tells its own age. What one of them had read
/// dies with it, however long another one has been running: so a server is known again by when it
/// started, and not by being old enough.
struct ServerStart: Hashable, Sendable {
    /// Under which the note about the last stream's server stands in the database.
    static let key = "delivery.server"

    /// A server counts whole seconds.
    private static let step: TimeInterval = 1
    /// By how much its clock and ours may come apart from one question to another.
    private static let slack: TimeInterval = 2

    private let earliest: Date
    private let latest: Date

    /// The age, in seconds, was told at some time between the question and the answer.
    init(age: TimeInterval, asked: Date, answered: Date) {
        earliest = asked - age - Self.step
        latest = answered - age
    }

    /// From when on it was running for certain.
    var runningSince: Date { latest + Self.slack }

    /// Whether both may be the start of one server.
    ///
    /// Two that started within 4 s of each other may be taken for one, and more distant ones if an
    /// answer takes as long: or a slow answer would make every server another one.
    func mayBe(_ other: ServerStart) -> Bool {
        max(earliest, other.earliest) - Self.slack <= min(latest, other.latest)
    }
}

extension ServerStart {
    /// What the next process needs to know the server again.
    var note: String { "\(earliest.timeIntervalSince1970) \(latest.timeIntervalSince1970)" }

    init?(note: String) {
        let dates = note.split(separator: " ").compactMap { TimeInterval($0) }
        guard dates.count == 2 else { return nil }
        earliest = Date(timeIntervalSince1970: dates[0])
        latest = Date(timeIntervalSince1970: dates[1])
    }
}
