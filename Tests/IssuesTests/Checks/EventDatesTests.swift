import Testing

@testable import Issues

@Suite struct EventDatesTests {
    @Test(
        "days are found as people write them, in the newsletters' languages",
        arguments: [
            ("on 2026-02-01", ["2026-02-01"]),
            ("1 February 2026", ["2026-02-01"]),
            ("the 1st of February", ["2026-02-01"]),
            ("February 1st, 2026", ["2026-02-01"]),
            ("24–26 April, Villafranca", ["2026-04-26"]),
            ("April 24-26", ["2026-04-26"]),
            ("am 1. Februar 2026 in Berlin", ["2026-02-01"]),
            ("le 14 juillet 2026", ["2026-07-14"]),
            ("il 3 dicembre", ["2025-12-03"]),
            ("el 5 de mayo de 2027", ["2027-05-05"]),
            ("30 January and 1 February", ["2026-01-30", "2026-02-01"]),
            ("every 2nd Wednesday", []),
            ("you may 10 times", ["2026-05-10"]),
            ("XMPP Summit 29 in March", []),
            ("31 February", []),
            ("at 10am", []),
            ("99999999999999999999 May", []),
            ("May", []),
        ]
    )
    func days(_ text: String, _ expected: [String]) throws {
        let day = try #require(IssueDate("2026-03-05"))
        #expect(EventDates.all(in: text, near: day).map(\.description) == expected)
    }
}
