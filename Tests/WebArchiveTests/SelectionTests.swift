import Issues
import Testing

@testable import WebArchive

@Suite("What is in the archive")
struct SelectionTests {
    private func key(_ id: IssueID, _ language: String = "en") -> PublicationLedger.Key {
        PublicationLedger.Key(issue: id, language: language)
    }

    private func entry(_ day: String, isRetracted: Bool = false) -> PublicationLedger.Entry {
        PublicationLedger.Entry(
            atomID: "tag:news.verona.example,2025-01-01:dispatch/known/en",
            published: "\(day)T09:30:00Z",
            updated: "\(day)T10:00:00Z",
            isRetracted: isRetracted
        )
    }

    @Test("an issue that is not published yet, or withdrawn, is not there; older ones are")
    func ledger() throws {
        var sample = try SampleArchive()
        defer { sample.remove() }
        sample.ledger.entries = [
            key("2026-03-05-dispatch"): entry("2026-03-06"),
            key("2026-04-05-dispatch"): entry("2026-04-06", isRetracted: true),
        ]
        let report = try sample.build()
        #expect(
            report.leftOut == [
                "2026-04-05-dispatch.md", "2026-05-05-dispatch.de.md", "2026-05-05-dispatch.md",
            ]
        )
        #expect(report.issues == 3)
        let feed = try sample.page("feed.atom")
        #expect(feed.contains("<id>tag:news.verona.example,2025-01-01:dispatch/known/en</id>"))
        #expect(feed.contains("<published>2026-03-06T09:30:00Z</published>"))
        #expect(!feed.contains("month 5"))
        sample.drafts = true
        #expect(try sample.build().issues == 5, "the withdrawn one stays away")
    }

    @Test("an issue dated after today waits")
    func future() throws {
        var sample = try SampleArchive()
        defer { sample.remove() }
        sample.today = IssueDate("2026-04-30")
        #expect(try sample.build().issues == 4)
    }

    @Test("a mistake in an issue that is out keeps the archive as it is; in a draft it warns")
    func broken() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let before = try sample.files()
        try sample.write("issues/2026-01-05-dispatch.md", "---\ntitle: x\n---\n{{< nonsense >}}")
        #expect(throws: ArchiveError.self) { try sample.build() }
        #expect(try sample.files() == before)
        try sample.write("issues/2026-01-05-dispatch.md", SampleArchive.text("Right again", 1))
        try sample.write("issues/2027-01-05-dispatch.md", "---\ntitle: x\n---\n{{< nonsense >}}")
        let report = try sample.build()
        #expect(report.warnings.count == 1)
        #expect(report.warnings[0].contains("2027-01-05-dispatch.md:"))
    }

    @Test(
        "no address leads out of the folder",
        arguments: [
            "https://a.example/../x/", "https://a.example/%2e%2e/x/", "https://a.example/x%2Fy/",
            "https://a.example/%00/", "https://b.example/x/", "https://a.example/%FF/",
        ]
    )
    func paths(_ address: String) {
        #expect(SitePath(address: address, below: "https://a.example/") == nil)
    }

    @Test("an address gives a file and comes back from it")
    func path() throws {
        let path = try #require(
            SitePath(
                address: "https://a.example/2026/%C3%A9t%C3%A9/#x",
                below: "https://a.example/"
            )
        )
        #expect(path.file == "2026/été/index.html")
        #expect(path.address == "2026/%C3%A9t%C3%A9/")
    }

    @Test("two issues with one address are a mistake that names both")
    func collision() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        try sample.write("issues/2026-05-06-again.md", SampleArchive.text("News of month 5", 5))
        let error = #expect(throws: ArchiveError.self) { try sample.build() }
        #expect(error?.description.contains("2026-05-06-again.md") == true)
    }
}
