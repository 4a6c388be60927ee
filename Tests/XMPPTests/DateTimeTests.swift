import Foundation
import Testing
import XMPP

@Suite("Moments (XEP-0082)")
struct DateTimeTests {
    @Test(
        "every notation of one moment is that moment, written in UTC",
        arguments: [
            "2026-11-21T08:30:00Z", "2026-11-21T09:30:00+01:00", "2026-11-21T03:30:00-05:00",
            "2026-11-21T08:30:00.9Z", "2026-11-21T08:30:00.123456Z",
            "2026-11-21T14:00:00.5+05:30", "2026-11-21T08:30:00+00:00",
        ]
    )
    func notations(text: String) throws {
        let moment = try #require(DateTime(text))
        #expect(moment.description == "2026-11-21T08:30:00Z")
        #expect(DateTime(moment.description) == moment)
    }

    @Test(
        "a text that is no full date and time with a zone is none",
        arguments: [
            "", "2026-11-21", "08:30:00Z", "2026-11-21T08:30:00", "20261121T08:30:00Z",
            "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T24:30:00Z",
            "2026-11-21T08:61:00Z", "yesterday", "2026-11-21 08:30:00Z", "2026-11-21T08:30Z",
            "2026-11-21T08:30:00Zulu", "x2026-11-21T08:30:00Z", "2026-11-21T08:30:00.Z",
            "2026-11-21T08:30:00+25:00",
        ]
    )
    func refused(text: String) {
        #expect(DateTime(text) == nil)
    }

    @Test("moments before 1970 and leap days are read and written")
    func odd() {
        #expect(DateTime("1969-07-21T02:56:15Z")?.description == "1969-07-21T02:56:15Z")
        #expect(DateTime("1969-07-20T21:56:15-05:00")?.description == "1969-07-21T02:56:15Z")
        #expect(DateTime("2024-02-29T23:59:59Z")?.description == "2024-02-29T23:59:59Z")
        #expect(DateTime("2025-02-29T00:00:00Z") == nil)
    }

    @Test("parts of a second are dropped, towards the past")
    func wholeSeconds() {
        #expect(DateTime(Date(timeIntervalSince1970: 1.9)).date.timeIntervalSince1970 == 1)
        #expect(DateTime(Date(timeIntervalSince1970: -0.1)).date.timeIntervalSince1970 == -1)
    }
}
