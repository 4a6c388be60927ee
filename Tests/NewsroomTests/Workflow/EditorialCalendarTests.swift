import Commands
import Foundation
import Testing

@testable import Newsroom
@testable import Storage

@Suite("The newsroom's calendar")
struct EditorialCalendarTests {
    private static let calendar = EditorialCalendar(
        days: [.midMonth: 15, .lastCall: 1, .review: 3, .release: 31]
    )
    private let berlin: LocalZone

    init() throws {
        berlin = try #require(LocalZone("Europe/Berlin"))
    }

    private func utc(_ text: String) throws -> Date {
        try Date("\(text)Z", strategy: .iso8601)
    }

    @Test(
        "a day of the month comes round, in the zone, and is the last one of shorter months",
        arguments: [
            ("2026-11-16T08:30:00", "2026-12-15T08:00:00", "2026-11-30T08:00:00"),
            ("2026-12-31T08:00:00", "2027-01-15T08:00:00", "2027-01-31T08:00:00"),
            ("2027-02-27T00:00:00", "2027-03-15T08:00:00", "2027-02-28T08:00:00"),
            ("2027-03-28T12:00:00", "2027-04-15T07:00:00", "2027-03-31T07:00:00"),
        ]
    )
    func next(now: String, midMonth: String, release: String) throws {
        let calendar = Self.calendar
        let now = try utc(now)
        #expect(calendar.next(.midMonth, after: now, in: berlin) == (try utc(midMonth)))
        #expect(calendar.next(.release, after: now, in: berlin) == (try utc(release)))
        let last = try #require(calendar.last(.release, until: now, in: berlin))
        #expect(last <= now && now.timeIntervalSince(last) < 32 * 86_400)
    }

    @Test("a time that clocks skip is the first one they show then")
    func skipped() throws {
        let calendar = EditorialCalendar(days: [.review: 28], time: 2 * 3600 + 1800)
        #expect(
            calendar.next(.review, after: try utc("2027-03-20T00:00:00"), in: berlin)
                == (try utc("2027-03-28T01:00:00"))
        )
    }

    @Test("`calendar` lists what is due, and says so if nothing is set")
    func command() async throws {
        let folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue()]
        let bureau = try await Bureau(files: files, in: folder, calendar: Self.calendar)
        _ = try await bureau.say("schedule 2026-04 2026-12-02 10:00")
        #expect(
            try await bureau.say("when", as: .editor).text == """
                The Verona Dispatch:
                - release: 2026-11-30 09:00 (UTC), in 14 days
                - last call: 2026-12-01 09:00 (UTC), in 15 days
                - 2026-04-05-x goes out: 2026-12-02 10:00 (UTC), in 16 days
                - review: 2026-12-03 09:00 (UTC), in 17 days
                - mid-month: 2026-12-15 09:00 (UTC), in 29 days
                """
        )
        let other = try await Bureau(files: [:], in: folder)
        #expect(
            try await other.say("calendar").text.contains("no dates are set")
        )
    }

    @Test("the next issue is expected when it is scheduled, or else when the calendar says")
    func nextIssue() async throws {
        let folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue()]
        let bureau = try await Bureau(files: files, in: folder, calendar: Self.calendar)
        let next = NextIssue(desks: bureau.newsdesk.desks, book: bureau.book)
        #expect(try await next.days() == ["dispatch": "2026-11-30"])
        _ = try await bureau.say("schedule 2026-04 2026-12-02 10:00")
        #expect(try await next.days() == ["dispatch": "2026-12-02"])
        let without = try await Bureau(files: [:], in: folder)
        #expect(
            try await NextIssue(desks: without.newsdesk.desks, book: without.book).days() == [:]
        )
    }

    @Test("each is reminded of once: not for what is over, nor again when the clock is set back")
    func reminders() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(files: [:], in: folder, calendar: Self.calendar)
        let reminders = Reminders(book: bureau.book)
        let desk = bureau.newsdesk.desks[0]
        func said() async throws -> [String] {
            try await reminders.look(at: desk)
            return try await bureau.store.read { try $0.notices().map(\.text) }
        }
        // 2026-11-16 08:30: mid-month was yesterday, before anybody looked.
        #expect(try await said().isEmpty)
        bureau.clock.advance(days: 14.1)
        #expect(
            try await said() == ["Today the issue goes out: “status latest” says how far it is."]
        )
        bureau.clock.advance(days: -2)
        #expect(try await said().count == 1)
        bureau.clock.advance(days: 2)
        #expect(try await said().count == 1)
        // Away over the last call, back at the review.
        bureau.clock.advance(days: 3)
        #expect(
            try await said().last
                == "Time to review the next issue: “check next” and “preview next” help. "
                + "It is to go out on 2026-12-31."
        )
        #expect(try await said().count == 2)
    }
}
