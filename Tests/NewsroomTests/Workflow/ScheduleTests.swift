import Commands
import Foundation
import Storage
import Synchronization
import Testing

@testable import Newsroom

@Suite("Publishing by schedule")
struct ScheduleTests {
    private static let id = "2026-04-05-x"
    private let folder: IssueFolder
    private let bureau: Bureau
    private let room = SomeRoom()

    init() async throws {
        folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        bureau = try await Bureau(files: files, in: folder)
    }

    /// Hears what is said in the newsletter's room, while it is open.
    final class SomeRoom: Sendable {
        private let state = Mutex((isOpen: true, heard: [String]()))

        var heard: [String] { state.withLock { $0.heard } }

        func close(_ isClosed: Bool = true) { state.withLock { $0.isOpen = !isClosed } }

        func say(_ text: String) -> Bool {
            state.withLock { state in
                if state.isOpen { state.heard.append(text) }
                return state.isOpen
            }
        }
    }

    /// Somebody who looks at the clock; each call is a service that was just started.
    private func keeper(grace: Duration = .seconds(300)) -> ScheduleKeeper {
        let (bureau, room) = (bureau, room)
        return ScheduleKeeper(
            newsdesk: bureau.newsdesk,
            publisher: bureau.publisher,
            book: bureau.book,
            grace: grace,
            wake: { bureau.bell.ring() },
            say: { _, text in room.say(text) },
            report: { Issue.record($0) }
        )
    }

    private func advance(minutes: Double) {
        bureau.clock.advance(days: minutes / 1440)
    }

    private func published() async throws -> [String] {
        try await bureau.items(of: "dispatch-en") + bureau.items(of: "dispatch-de")
    }

    @Test("an issue goes out at its time, not before, and only once")
    func atItsTime() async throws {
        #expect(
            try await bureau.say("schedule 2026-04 2026-11-16 10:00 Europe/Berlin").text
                == "Scheduled: \"Two households\" (2026-04-05-x: en, de) goes out at "
                + "2026-11-16 10:00 (Europe/Berlin), in 30 minutes. "
                + "“unschedule 2026-04-05-x” takes that off."
        )
        let keeper = keeper()
        await keeper.round()
        advance(minutes: 29.9)
        await keeper.round()
        #expect(try await published().isEmpty && room.heard.isEmpty)
        #expect(
            try await bureau.say("status").text.hasSuffix(
                "Scheduled: 2026-04-05-x for 2026-11-16 10:00 (Europe/Berlin), by Benvolio in "
                    + "comm-team@rooms.verona.example."
            )
        )
        advance(minutes: 0.2)
        await keeper.round()
        #expect(try await published() == [Self.id, Self.id])
        let said = try #require(room.heard.first)
        #expect(
            said.hasPrefix(
                "As Benvolio scheduled it for 2026-11-16 10:00 (Europe/Berlin):\n"
                    + "Publishing \"Two households\":\ndispatch-en, item"
            )
        )
        try await bureau.deliverAll()
        await keeper.round()
        #expect(room.heard.count == 1)
        let status = try await bureau.say("status 2026-04").text
        #expect(status.hasPrefix("2026-04-05-x \"Two households\": published."))
        #expect(status.contains("scheduled → publishing, by Benvolio by schedule (en, de)"))
    }

    @Test("a clock that is set back lets it wait again, and never doubles it")
    func setBack() async throws {
        _ = try await bureau.say("publish 2026-04 at 09:00")
        let keeper = keeper()
        advance(minutes: 29)
        await keeper.round()
        advance(minutes: -120)
        await keeper.round()
        #expect(try await published().isEmpty)
        advance(minutes: 121)
        await keeper.round()
        #expect(try await published().count == 2)
        advance(minutes: -121)
        await keeper.round()
        advance(minutes: 121)
        await keeper.round()
        #expect(try await bureau.waiting().count == 3 && room.heard.count == 1)
    }

    @Test("a clock that is set forward a little does not skip it")
    func setForward() async throws {
        _ = try await bureau.say("publish 2026-04 at 09:00")
        let keeper = keeper()
        await keeper.round()
        advance(minutes: 34)
        await keeper.round()
        #expect(try await published().count == 2)
    }

    @Test("a time that passed while nobody was there is asked about, once, when the room hears it")
    func missed() async throws {
        _ = try await bureau.say("schedule 2026-04 09:00")
        advance(minutes: 60)
        room.close()
        await keeper().round()
        await keeper().round()
        #expect(try await published().isEmpty && room.heard.isEmpty)
        room.close(false)
        await keeper().round()
        await keeper().round()
        #expect(
            room.heard == [
                "2026-04-05-x was to go out at 2026-11-16 09:00 (UTC), as Benvolio scheduled it. "
                    + "That time has passed while I was not there to do it, and nothing was "
                    + "published. Say “publish 2026-04-05-x now”, or “schedule 2026-04-05-x” "
                    + "with another time."
            ]
        )
        #expect(try await bureau.say("publish 2026-04 now").text.hasPrefix("Publishing"))
    }

    @Test("a restart at just that time makes it late, not lost")
    func restart() async throws {
        _ = try await bureau.say("schedule 2026-04 09:00")
        advance(minutes: 33)
        await keeper().round()
        #expect(try await published().count == 2)
    }

    @Test("two rounds at once publish it once, and say so once")
    func twoAtOnce() async throws {
        _ = try await bureau.say("schedule 2026-04 09:00")
        advance(minutes: 31)
        room.close()
        await withDiscardingTaskGroup { group in
            for _ in 0..<4 { group.addTask { await keeper().round() } }
        }
        room.close(false)
        await keeper().round()
        #expect(try await published().count == 2)
        #expect(try await bureau.waiting().count == 3)
        #expect(room.heard.count == 1 && room.heard[0].contains("Publishing"))
    }

    @Test("what keeps it from going out is said, and the schedule is off")
    func broken() async throws {
        _ = try await bureau.say("publish 2026-04 de at 09:00")
        try folder.write("---\ndate: 2026-04-05\n---\nNo title.\n", to: "2026-04-05-x.de.md")
        advance(minutes: 31)
        await keeper().round()
        let said = try #require(room.heard.first)
        #expect(said.contains("could not: Nothing was published.\nde: 2026-04-05-x.de.md:"))
        #expect(said.hasSuffix("Say “publish 2026-04-05-x now” when that is mended."))
        #expect(try await bureau.say("status 2026-04").text.contains("scheduled → draft"))
    }

    @Test("files that are gone, or an issue that is out already, take the schedule off")
    func gone() async throws {
        _ = try await bureau.say("schedule 2026-04 09:00")
        for name in ["2026-04-05-x.md", "2026-04-05-x.de.md"] {
            try FileManager.default.removeItem(at: folder.url.appending(path: name))
        }
        advance(minutes: 31)
        await keeper().round()
        #expect(room.heard.first?.contains("could not: There is no file of it any more.") == true)
        #expect(try await bureau.book.scheduled().isEmpty)
    }

    @Test("a time that has passed is refused with “now”")
    func passed() async throws {
        #expect(
            try await bureau.say("publish 2026-04 at 2026-11-16 08:00")
                == .refused(
                    "Nothing was scheduled: 2026-11-16 08:00 (UTC) has passed; it is "
                        + "2026-11-16 08:30 there. Say “publish 2026-04-05-x now” to publish it "
                        + "at once, or another time."
                )
        )
        #expect(try await bureau.book.scheduled().isEmpty)
    }

    @Test("of two who schedule it the second hears who was first, and so of two who take it off")
    func two() async throws {
        _ = try await bureau.say("schedule 2026-04 09:00", on: .shell)
        #expect(
            try await bureau.say("publish 2026-04 at 10:00").text
                == "Nothing was scheduled for 2026-04-05-x. It is scheduled for 2026-11-16 09:00 "
                + "(UTC) already, by Benvolio in the shell. “unschedule” takes that off."
        )
        #expect(
            try await bureau.say("publish 2026-04").text
                == "Nothing was published. It is scheduled for 2026-11-16 09:00 (UTC), by "
                + "Benvolio in the shell. “publish ISSUE now” does not wait for that, and "
                + "“unschedule ISSUE” takes it off."
        )
        #expect(try await published().isEmpty)
        #expect(
            try await bureau.say("unschedule 2026-04").text
                == "2026-04-05-x is not scheduled any more. It was for 2026-11-16 09:00 (UTC), "
                + "by Benvolio."
        )
        #expect(
            try await bureau.say("unschedule 2026-04").text
                == "2026-04-05-x is not scheduled any more: it is draft since 2026-11-16 08:30 "
                + "UTC, by Benvolio in comm-team@rooms.verona.example."
        )
        advance(minutes: 40)
        await keeper().round()
        #expect(try await published().isEmpty && room.heard.isEmpty)
    }

    @Test("what can't be published now is not scheduled, and what is out already neither")
    func refused() async throws {
        try folder.write("---\ndate: 2026-04-05\n---\nNo title.\n", to: "2026-04-05-x.de.md")
        let named = try await bureau.say("publish 2026-04 de at 09:00")
        #expect(named.text.hasPrefix("Nothing was scheduled.\nde: 2026-04-05-x.de.md:"))
        let question = try await bureau.say("schedule 2026-04 09:00").text
        #expect(question.contains("\nSchedule en of 2026-04-05-x without it? Answer"))
        let all = try await bureau.say("yes").text
        #expect(all.contains("(2026-04-05-x: en)"))
        #expect(all.contains("\nnot published as it is now – de: "))
        _ = try await bureau.say("publish 2026-04 now")
        _ = try await bureau.say("yes")
        #expect(
            try await bureau.say("schedule 2026-04 09:00").text
                == "Nothing was scheduled: 2026-04-05-x is published already."
        )
        #expect(
            try await bureau.say("publish 2026-04 now en at 09:00").text
                == "Say either “now” or “at”, not both."
        )
        #expect(try await bureau.say("publish 2026-04 at").text.contains("TIME"))
    }
}
