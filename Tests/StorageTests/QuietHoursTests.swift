import Foundation
import Storage
import Testing
import XMPP

@Suite("Quiet hours")
struct QuietHoursTests {
    private func date(_ text: String) throws -> Date {
        try Date("\(text):00Z", strategy: .iso8601)
    }

    @Test(
        "they are where the reader is, over midnight and over the days on which clocks are set",
        arguments: [
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-21T20:59", nil),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-21T21:00", "2026-11-22T06:00"),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-22T05:59", "2026-11-22T06:00"),
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-11-22T06:00", nil),
            (13 * 60, 14 * 60 + 30, "Asia/Kolkata", "2026-11-21T07:30", "2026-11-21T09:00"),
            (13 * 60, 14 * 60 + 30, "Asia/Kolkata", "2026-11-21T09:00", nil),
            // In this night the clocks go from 2 to 3.
            (22 * 60, 7 * 60, "Europe/Berlin", "2027-03-27T22:00", "2027-03-28T05:00"),
            // In this one from 3 to 2.
            (22 * 60, 7 * 60, "Europe/Berlin", "2026-10-24T21:00", "2026-10-25T06:00"),
        ] as [(Int, Int, String, String, String?)]
    )
    func ends(start: Int, end: Int, zone: String, now: String, over: String?) throws {
        let hours = try #require(QuietHours(from: start, until: end, in: zone))
        #expect(hours.end(at: try date(now)) == (try over.map(date)))
    }

    @Test("there are no such hours")
    func none() {
        #expect(QuietHours(from: 60, until: 60, in: "UTC") == nil)
        #expect(QuietHours(from: 0, until: 1440, in: "UTC") == nil)
        #expect(QuietHours(from: 0, until: 60, in: "Verona") == nil)
    }

    @Test("who has them is no recipient then, and is written to when they are over")
    func postponed() async throws {
        let store = try Store.inMemory()
        let night = try date("2026-11-21T23:00")
        let morning = try date("2026-11-22T07:00")
        let node = try await store.makeNode()
        for reader in [JID.juliet, .romeo] {
            try await store.subscribe(reader, to: node, as: .chat)
        }
        let fanOut = try await store.write { transaction in
            let hours = QuietHours(from: 22 * 60, until: 7 * 60, in: "UTC")
            try transaction.setQuietHours(hours, of: .juliet)
            return try transaction.startFanOut(
                NewFanOut(node: node, item: .first, variants: [.sample(.chat(.short))]),
                at: night
            )
        }
        #expect(fanOut.total == 1)
        func recipients() async throws -> [String] {
            try await store.read { try $0.recipients(of: fanOut, after: .start, limit: 10) }
                .map(\.address)
        }
        func due(at date: Date) async throws -> [DueRetry] {
            try await store.write { try $0.dueRetries(at: date, limit: 10) }
        }
        #expect(try await recipients() == ["romeo@verona.lit"])
        #expect(try await due(at: morning - 1).isEmpty)
        let later = try await due(at: morning)
        #expect(later.map(\.recipient.address) == ["juliet@verona.lit"])
        let retry = try #require(later.first)
        try await store.write { try $0.noteRetried(retry, dueAt: morning) }
        #expect(try await recipients().count == 1, "also if the delivery goes back")
        #expect(try await due(at: morning + 1).isEmpty)
    }
}
