import Foundation
import Issues
import Localization

/// A time somebody wrote.
struct StatedMoment: Hashable {
    let date: Date
    let zone: LocalZone
    /// Whether clocks are set back then and show it twice; the first time is meant.
    var isShownTwice = false
}

/// Reads times as people write them: `2026-12-05 09:00`, `tomorrow 18:30`, `9:00 Europe/Berlin`.
struct MomentReader {
    /// The zone of times that name none.
    let zone: LocalZone
    let now: Date

    /// - Throws: ``MomentError``, a sentence that says what to write instead.
    func read(_ text: String) throws(MomentError) -> StatedMoment {
        var day: Day?
        var seconds: Int?
        var zone = zone
        for word in Self.words(of: text) {
            if day == nil, let found = Day(word) {
                day = found
            } else if seconds == nil, let found = Self.timeOfDay(word) {
                seconds = found
            } else if word.contains("/") || word.count > 2 || word == "Z",
                let found = LocalZone(word)
            {
                zone = found
            } else {
                throw .unreadable(word)
            }
        }
        guard let seconds else { throw .withoutTime }
        let today = Self.days(of: now.addingTimeInterval(Double(zone.offset(at: now))))
        switch day {
        case .date(let date): return try moment(Self.days(of: date), seconds, zone)
        case .today: return try moment(today, seconds, zone)
        case .tomorrow: return try moment(today + 1, seconds, zone)
        case nil:
            let next = try moment(today, seconds, zone)
            return next.date > now ? next : try moment(today + 1, seconds, zone)
        }
    }

    // MARK: - Words

    private enum Day {
        case date(IssueDate), today, tomorrow

        init?(_ word: String) {
            switch word.lowercased() {
            case "today": self = .today
            case "tomorrow": self = .tomorrow
            default:
                guard word.count == 10, let date = IssueDate(word) else { return nil }
                self = .date(date)
            }
        }
    }

    /// Without `at` and `on`, and with a date apart from the time that follows it (ISO 8601).
    private static func words(of text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init).flatMap { word in
            let isStamp =
                word.count > 11 && word.prefix(1).allSatisfy(\.isNumber)
                && word.dropFirst(10).first == "T"
            guard isStamp else { return [word] }
            let time = word.dropFirst(11)
            let isUTC = time.last == "Z"
            return [String(word.prefix(10)), String(isUTC ? time.dropLast() : time)]
                + (isUTC ? ["Z"] : [])
        }.filter { !["at", "on"].contains($0.lowercased()) }
    }

    /// Seconds since midnight of `9:00`, `09:00` or `09:00:30`.
    static func timeOfDay(_ word: String) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            (1...2).contains(part.count) && part.allSatisfy { "0"..."9" ~= $0 } ? Int(part) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(parts.count), parts[1].count == 2,
            numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60
        else { return nil }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    // MARK: - Reckoning

    /// The moment of a day at a time of that day; the next one that clocks show, if they skip it.
    static func moment(on date: IssueDate, at seconds: Int, in zone: LocalZone) -> Date? {
        let reader = MomentReader(zone: zone, now: .distantPast)
        // Clocks are set forward by an hour nearly everywhere, by half an hour on Lord Howe.
        return [0, 1800, 3600].lazy.compactMap { skipped in
            try? reader.moment(days(of: date), seconds + skipped, zone).date
        }.first
    }

    private static let day = 86_400

    /// The moment at which clocks of the zone show that; the first of two, where they are set back.
    private func moment(
        _ days: Int,
        _ seconds: Int,
        _ zone: LocalZone
    ) throws(MomentError) -> StatedMoment {
        let shown = Double(days * Self.day + seconds)
        let around = [-Double(Self.day), Double(Self.day)].map { span in
            zone.offset(at: Date(timeIntervalSince1970: shown + span))
        }
        let moments = Set(around).map { Date(timeIntervalSince1970: shown - Double($0)) }
            .filter { $0.timeIntervalSince1970 + Double(zone.offset(at: $0)) == shown }.sorted()
        guard let first = moments.first else {
            throw .skipped(Wording.moment(Date(timeIntervalSince1970: shown)), zone)
        }
        return StatedMoment(date: first, zone: zone, isShownTwice: moments.count > 1)
    }

    /// Days since 1970-01-01 of what is written as a moment in UTC.
    private static func days(of date: Date) -> Int {
        Int((date.timeIntervalSince1970 / Double(day)).rounded(.down))
    }

    /// Years begin in March here, so that the day a leap year has more is the last one of a year.
    private static func days(of date: IssueDate) -> Int {
        let year = date.month > 2 ? date.year : date.year - 1
        let month = (date.month + 9) % 12
        let leapDays = year / 4 - year / 100 + year / 400
        let dayOfYear = (153 * month + 2) / 5 + date.day - 1
        return year * 365 + leapDays + dayOfYear - 719_468
    }
}

/// Why a text is no time.
enum MomentError: Explained, Hashable {
    case unreadable(String)
    case withoutTime
    /// Clocks are set forward and never show it.
    case skipped(String, LocalZone)

    func explanation(in texts: Texts) -> String {
        switch self {
        case .unreadable(let word): texts("moment.unreadable", ["word": word])
        case .withoutTime: texts("moment.withoutTime")
        case .skipped(let time, let zone):
            texts("moment.skipped", ["moment": time, "zone": zone.name])
        }
    }
}
