import Commands
import Localization
import PubSub
import Storage
import XMPP

/// `quiet 22:00 07:00 Europe/Berlin`: no messages at these hours; what comes then comes after.
struct QuietCommand: Sendable {
    /// What people write between the times.
    private static let fillers: Set<String> = ["from", "to", "until", "till", "in", "-", "–"]

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "quiet",
            summary: .text("quiet.summary"),
            parameters: [
                Parameter(
                    "hours",
                    .word,
                    isRequired: false,
                    isRepeated: true,
                    summary: .text("quiet.hours")
                )
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["quiet 22:00 07:00 Europe/Berlin", "quiet off"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let (reader, texts) = (try desk.reader(of: invocation), invocation.texts)
        let before = try await desk.store.read { try $0.quietHours(of: reader) }
        let words = invocation.arguments.all("hours")
            .flatMap { $0.contains("/") ? [$0] : Self.parts(of: $0) }
            .filter { !Self.fillers.contains($0.lowercased()) }
        guard let first = words.first else { return Self.text(of: before, texts) }
        if first.lowercased() == "off" {
            try await desk.store.write { try $0.setQuietHours(nil, of: reader) }
            return texts("quiet.off")
        }
        guard words.count == 2 || words.count == 3,
            let zone = words.dropFirst(2).first ?? before?.zone,
            let start = Self.minutes(words[0]), let end = Self.minutes(words[1]),
            let hours = QuietHours(from: start, until: end, in: zone)
        else { throw ReaderProblem.noQuietHours(words.joined(separator: " ")) }
        try await desk.checkReadsInChat(reader)
        try await desk.store.write { try $0.setQuietHours(hours, of: reader) }
        return Self.text(of: hours, texts)
    }

    static func text(of hours: QuietHours?, _ texts: Texts) -> String {
        guard let hours else { return texts("quiet.none") }
        return texts(
            "quiet.set",
            ["start": clock(hours.start), "end": clock(hours.end), "zone": hours.zone]
        )
    }

    static func clock(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// `22:00-07:00` without blanks.
    private static func parts(of word: String) -> [String] {
        word.split { $0 == "-" || $0 == "–" }.map(String.init)
    }

    /// Of a time such as `22:00`, `7:30` or `22`; nil if it is none.
    private static func minutes(_ word: String) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let hour = Int(parts[0]), (0...23).contains(hour) else {
            return nil
        }
        guard parts.count == 2 else { return hour * 60 }
        guard parts[1].count == 2, let minute = Int(parts[1]), (0...59).contains(minute) else {
            return nil
        }
        return hour * 60 + minute
    }
}
