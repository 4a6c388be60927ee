import Foundation
import Testing

@testable import Newsroom

@Suite("Times as people write them")
struct MomentReaderTests {
    /// 2026-11-16 08:30:00 UTC, a Monday; clocks in Berlin show 09:30.
    private let now = Bureau.published

    private func read(_ text: String, in zone: String = "Europe/Berlin") throws -> StatedMoment {
        try MomentReader(zone: try #require(LocalZone(zone)), now: now).read(text)
    }

    private func utc(_ text: String) throws -> Date {
        try Date("\(text)Z", strategy: .iso8601)
    }

    @Test(
        "a day and a time, in the zone of the newsletter or another one",
        arguments: [
            ("2026-12-05 09:00", "2026-12-05T08:00:00"),
            ("2026-07-05 9:00", "2026-07-05T07:00:00"),
            ("on 2026-12-05 at 09:00:30", "2026-12-05T08:00:30"),
            ("09:00 2026-12-05", "2026-12-05T08:00:00"),
            ("2026-12-05T09:00", "2026-12-05T08:00:00"),
            ("2026-12-05T09:00Z", "2026-12-05T09:00:00"),
            ("2026-12-05 09:00 UTC", "2026-12-05T09:00:00"),
            ("2026-12-05 09:00 America/New_York", "2026-12-05T14:00:00"),
            ("2026-12-05 09:00 Asia/Kathmandu", "2026-12-05T03:15:00"),
            ("today 10:00", "2026-11-16T09:00:00"),
            ("tomorrow 00:00", "2026-11-16T23:00:00"),
            ("10:00", "2026-11-16T09:00:00"),
            ("09:00", "2026-11-17T08:00:00"),
            ("2028-02-29 12:00", "2028-02-29T11:00:00"),
            ("2000-02-29 12:00", "2000-02-29T11:00:00"),
            ("1970-01-01 01:00", "1970-01-01T00:00:00"),
        ]
    )
    func times(text: String, expected: String) throws {
        let moment = try read(text)
        #expect(moment.date == (try utc(expected)))
        #expect(!moment.isShownTwice)
    }

    @Test("a day begins when it does in the zone, not in UTC")
    func today() throws {
        #expect(
            try read("today 12:00", in: "Pacific/Kiritimati").date == utc("2026-11-15T22:00:00")
        )
        #expect(
            try read("tomorrow 12:00", in: "Pacific/Kiritimati").date
                == utc("2026-11-16T22:00:00")
        )
    }

    @Test("a time that clocks skip is refused, one they show twice is the first one")
    func changeOfClocks() throws {
        #expect {
            try read("2027-03-28 02:30")
        } throws: { error in
            "\(error)".hasPrefix("There is no 2027-03-28 02:30 in Europe/Berlin: clocks are set")
        }
        #expect(try read("2027-03-28 03:00").date == utc("2027-03-28T01:00:00"))
        #expect(try read("2027-03-28 01:59").date == utc("2027-03-28T00:59:00"))
        let twice = try read("2026-10-25 02:30")
        #expect(twice.date == (try utc("2026-10-25T00:30:00")))
        #expect(twice.isShownTwice)
        #expect(try read("2026-10-25 03:00").date == utc("2026-10-25T02:00:00"))
    }

    @Test(
        "what is no time is refused, with how to write one",
        arguments: [
            "soon", "2026-12-05", "tomorrow", "2026-13-05 09:00", "2026-02-29 09:00", "25:00",
            "09:60", "9", "9am", "2026-12-05 09:00 Europe/Verona", "09:00 10:00", "09:00 xx", "",
            "now",
        ]
    )
    func refused(text: String) {
        #expect {
            try read(text)
        } throws: { error in
            error is MomentError && "\(error)".contains("2026-12-05 09:00")
        }
    }

    @Test("a zone that does not exist is none, and every name we know of is one")
    func zones() {
        #expect(LocalZone("Europe/Verona") == nil)
        #expect(LocalZone("UTC")?.name == "UTC")
        #expect(LocalZone.knownNames.count > 300)
        #expect(LocalZone.knownNames.allSatisfy { LocalZone($0) != nil })
    }
}
