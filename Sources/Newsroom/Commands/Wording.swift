import Foundation
import Publishing
import Storage

/// Turns of phrase that several commands share.
enum Wording {
    static func readers(_ count: Int) -> String {
        count == 1 ? "1 reader" : "\(count) readers"
    }

    static func issues(_ count: Int) -> String {
        count == 1 ? "1 issue" : "\(count) issues"
    }

    /// A number with its noun, `1 error` or `2 errors`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// How many there are in each language, `6 in de, 7 in fr`.
    static func warnings(_ warnings: [LanguageWarnings]) -> String {
        warnings.map { "\($0.findings.count) in \($0.language)" }.joined(separator: ", ")
    }

    static func people(_ count: Int) -> String {
        count == 1 ? "1 person" : "\(count) people"
    }

    /// What became of the sections that are items of their own, as a line below that of the issue.
    static func topics(_ topics: [Publisher.TopicOutcome]) -> String {
        guard !topics.isEmpty else { return "" }
        let parts = topics.map { topic in
            let change: String? =
                switch topic.change {
                case .published: nil
                case .corrected: "corrected"
                case .withdrawn: "withdrawn"
                }
            let facts = [
                change, readers(topic.readers),
                topic.emptyStates == 0
                    ? nil : count(topic.emptyStates, "empty state") + " left out",
            ]
            return "\(topic.section) (\(facts.compactMap { $0 }.joined(separator: ", ")))"
        }
        return "\n  topics: " + parts.joined(separator: ", ")
    }

    static func topicReaders(_ count: Int) -> String {
        count == 0 ? "" : ", and \(readers(count)) of its topics"
    }

    /// A minute, `2026-11-21 08:30`, in UTC.
    static func moment(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space).year().month().day()
            .time(includingFractionalSeconds: false)
        return String(date.formatted(style).prefix("2026-11-21 08:30".count))
    }

    /// When an issue is to go out, in the zone in which that was said.
    static func moment(of schedule: PublicationSchedule) -> String {
        (LocalZone(schedule.zone) ?? .utc).moment(schedule.dueAt)
    }

    /// About how long, `3 days`, `2 hours`, `5 minutes`, `40 seconds`.
    static func span(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: count(Int(seconds.rounded()), "second")
        case ..<7200: count(Int((seconds / 60).rounded()), "minute")
        case ..<172_800: count(Int((seconds / 3600).rounded()), "hour")
        default: count(Int((seconds / 86_400).rounded()), "day")
        }
    }

    /// A day, `2026-11-21`, in UTC.
    static func date(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
