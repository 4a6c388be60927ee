import Foundation
import Testing

@testable import WebArchive

@Suite("Feeds of the archive")
struct FeedTests {
    @Test("every feed is what RFC 4287 allows")
    func validity() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let feeds = try sample.files().filter { $0.hasSuffix(".atom") }
        #expect(feeds.contains("de/feed.atom") && feeds.contains("topics/events/feed.atom"))
        for file in feeds {
            let feed = FeedDocument(try sample.page(file))
            #expect(feed.problems == [], "\(file)")
            #expect(!feed.entries.isEmpty, "\(file)")
        }
    }

    @Test("going back through a feed one meets every entry once (RFC 5005 §4)")
    func paging() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let base = "https://verona.example/news/"
        var address: String? = base + "feed.atom"
        var titles: [String] = []
        var documents = 0
        while let here = address, documents < 10 {
            let feed = FeedDocument(try sample.page(String(here.dropFirst(base.count))))
            titles += feed.entries.compactMap { $0.all("title").first?.text }
            #expect(feed.root?.links("self") == [here])
            #expect(feed.isArchive == (documents > 0))
            #expect(feed.root?.links("current") == (documents > 0 ? [base + "feed.atom"] : []))
            address = feed.root?.links("prev-archive").first
            documents += 1
        }
        #expect(titles == (1...5).reversed().map { "News of month \($0)" })
        #expect(documents == 2)
    }

    @Test("a full archive document never changes when an issue is added (RFC 5005 §4)")
    func stability() {
        for count in 1...40 {
            let before = FeedPages(Array((1...count).reversed()), size: 4)
            let after = FeedPages(Array((1...(count + 1)).reversed()), size: 4)
            #expect(after.archives.starts(with: before.archives))
            #expect(before.current + before.archives.reversed().joined() == (1...count).reversed())
            #expect(before.current.count >= min(count, 4) && before.current.count < 8)
        }
    }

    @Test("a topic's entry has an id of its own, made of the issue's and the topic")
    func topicIDs() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let feed = FeedDocument(try sample.page("topics/events/feed.atom"))
        #expect(
            feed.entries.first?.all("id").first?.text
                == "tag:verona.example,2026-05-05:dispatch/2026-05-05-dispatch/en/events"
        )
    }

    @Test("a feed without entries is as new as the newest issue there is")
    func empty() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        for name in try FileManager.default.contentsOfDirectory(atPath: sample.issues)
        where name.hasSuffix(".md") && !name.hasSuffix(".de.md") {
            try FileManager.default.removeItem(atPath: "\(sample.issues)/\(name)")
        }
        _ = try sample.build()
        let feed = try sample.page("feed.atom")
        #expect(!feed.contains("<entry"))
        #expect(feed.contains("<updated>2026-05-05T00:00:00Z</updated>"))
    }
}
