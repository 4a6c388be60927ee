import Foundation
import Issues
import Testing

@testable import WebArchive

@Suite("Web archive")
struct ArchiveTests {
    @Test("every page is strict HTML, and every link on the site leads to something there")
    func pages() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        try Self.checkPages(sample.out, root: "/news/")
        #expect(try sample.page("index.html").contains("The Verona &lt;Dispatch&gt;"))
    }

    /// Checks all pages in a folder; links within it may not be broken.
    static func checkPages(_ out: String, root: String) throws {
        let files = Set(try FileManager.default.subpathsOfDirectory(atPath: out))
        var checks: [String: HTMLCheck] = [:]
        for file in files where file.hasSuffix(".html") {
            checks[file] = HTMLCheck(try String(contentsOfFile: "\(out)/\(file)", encoding: .utf8))
        }
        #expect(!checks.isEmpty)
        for (file, check) in checks {
            #expect(check.problems == [], "\(file)")
            for reference in check.references where reference.hasPrefix("/") {
                let parts = reference.split(separator: "#", maxSplits: 1)
                let path = try #require(String(parts[0]).percentDecoded)
                #expect(path.hasPrefix(root), "\(file): \(reference)")
                var target = String(path.dropFirst(root.count))
                if target.isEmpty || target.hasSuffix("/") { target += "index.html" }
                #expect(files.contains(target), "\(file): \(reference)")
                if parts.count == 2, let page = checks[target] {
                    let id = try #require(String(parts[1]).percentDecoded)
                    #expect(page.ids.contains(id), "\(file): \(reference)")
                }
            }
        }
    }

    @Test("headings keep their order without a gap, whatever the file has")
    func headings() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let check = HTMLCheck(try sample.page("2026/05/news-of-month-5/index.html"))
        #expect(check.headings.prefix(5) == [1, 2, 2, 3, 2])
    }

    @Test("an image of which there is no copy is a link: reading tells nobody else")
    func images() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        try sample.write("secret.png", "secret")
        try FileManager.default.createSymbolicLink(
            atPath: sample.issues + "/images/out.png",
            withDestinationPath: "../../secret.png"
        )
        let text = SampleArchive.text("Links", 5) + "\n\n![x](/news/images/out.png)\n"
        try sample.write("issues/2026-05-06-links.md", text)
        _ = try sample.build()
        let page = try sample.page("2026/05/links/index.html")
        #expect(page.contains("src='/news/images/moon.png'"))
        #expect(
            page.contains("<a href='https://elsewhere.example/tracker.png'>Image: A stranger</a>")
        )
        #expect(page.contains("<a href='https://verona.example/news/images/out.png'>Image: x</a>"))
        let files = try sample.files()
        // The issue's address below /news/ is the site's root.
        #expect(files.contains("images/moon.png"))
        #expect(!files.contains("images/out.png"))
    }

    @Test("a file that an issue links to is there as well, if it is at hand")
    func linkedFiles() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        try sample.write("issues/files/minutes.pdf", "minutes")
        try sample.write("issues/files/unlinked.pdf", "not for readers")
        let text = """
            [Minutes](/news/files/minutes.pdf#page=2), [again](/news/files/minutes.pdf),
            [gone](/news/files/gone.pdf), [file](/news/2026-05-06-files.md), [front](/news/)
            """
        try sample.write(
            "issues/2026-05-06-files.md",
            SampleArchive.text("Files", 5) + "\n\n" + text
        )
        _ = try sample.build()
        #expect(try sample.page("files/minutes.pdf") == "minutes")
        let files = try sample.files()
        #expect(files.filter { $0.hasPrefix("files/") } == ["files/minutes.pdf"])
        #expect(!files.contains { $0.hasSuffix(".md") })
    }

    @Test("a page says to other programs what it is: Open Graph, its address, robots.txt")
    func metadata() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let page = try sample.page("2026/05/news-of-month-5/index.html")
        let address = "https://verona.example/news/2026/05/news-of-month-5/"
        for (property, content) in [
            ("og:url", address), ("og:title", "News of month 5"), ("og:type", "article"),
            ("og:site_name", "The Verona &lt;Dispatch&gt;"),
            ("og:description", "Benvolio &amp; friends &lt;write&gt; from the balcony."),
            ("og:image", "https://verona.example/news/images/moon.png"),
            ("article:published_time", "2026-05-05T00:00:00Z"),
        ] {
            let line = "<meta property=\"\(property)\" content=\"\(content)\">"
            #expect(page.contains(line), "\(line)")
        }
        #expect(page.contains("<link rel=\"canonical\" href=\"\(address)\">"))
        #expect(try sample.page("index.html").contains("property=\"og:type\" content=\"website\""))
        #expect(try sample.page("404.html").contains("name=\"robots\" content=\"noindex\""))
        #expect(
            try sample.page("robots.txt").split(separator: "\n") == [
                "User-agent: *", "Allow: /", "Sitemap: https://verona.example/news/sitemap.xml",
            ]
        )
    }

    @Test("translations name each other, and their language is said")
    func translations() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let page = try sample.page("2026/05/news-of-month-5/index.html")
        #expect(page.contains("hreflang=\"de\" href=\"https://verona.example/news/de/2026/05/"))
        let german = try sample.page("de/2026/05/nachrichten-im-mai/index.html")
        #expect(german.contains("<html lang=\"de\" dir=\"ltr\">"))
        #expect(german.contains("5. Mai 2026"))
        #expect(german.contains("Zum Inhalt springen"))
    }

    @Test("a subscription needs one tap: chat and node, with codes for the phone")
    func subscribe() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let page = try sample.page("subscribe/index.html")
        let pubsub = "xmpp:news.verona.example?pubsub;action=subscribe;node=dispatch-de"
        #expect(page.contains("href=\"\(pubsub)\""))
        #expect(
            page.contains("href=\"xmpp:dispatch@news.verona.example?message;body=subscribe\"")
        )
        #expect(
            page.contains("href=\"xmpp:dispatch@news.verona.example?message;body=subscribe%20de\"")
        )
        #expect(page.matches(of: /<svg role="img"/).count == 4)
    }

    @Test("single topics have their buttons, in the language they are in")
    func topicButtons() throws {
        var sample = try SampleArchive()
        defer { sample.remove() }
        sample.definition.topicNodes = [
            ArchiveDefinition.TopicNode(
                section: "events",
                title: "Bälle & Feste",
                language: "de",
                node: "dispatch-de-events"
            )
        ]
        _ = try sample.build()
        for name in ["subscribe/index.html", "de/subscribe/index.html"] {
            let page = try sample.page(name)
            for address in [
                "xmpp:news.verona.example?pubsub;action=subscribe;node=dispatch-de-events",
                "xmpp:dispatch@news.verona.example?message;body=subscribe%20de%20events",
            ] {
                #expect(page.split(separator: "href=\"\(address)\"").count == 2, "\(address)")
            }
            #expect(page.contains("<span lang=\"de\">Bälle &amp; Feste</span>"))
        }
        #expect(try sample.page("de/subscribe/index.html").contains("Einzelne Themen"))
    }

    @Test("an address an issue had before leads to it")
    func aliases() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let page = try sample.page("old/5-15/index.html")
        #expect(page.contains("url=/news/2026/05/news-of-month-5/"))
    }

    @Test("the sitemap names every page, and none that is not there")
    func sitemap() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let named = try sample.page("sitemap.xml").matches(of: /<loc>([^<]*)<\/loc>/).map {
            String($0.output.1.dropFirst("https://verona.example/news/".count)) + "index.html"
        }
        let pages = try sample.files().filter {
            $0.hasSuffix("index.html") && !$0.hasPrefix("old/")
        }
        #expect(named.sorted() == pages.sorted())
    }

    @Test("a real archive is made of 113 issues", .enabled(if: Corpus.path != nil))
    func corpus() throws {
        let corpus = try #require(Corpus.path)
        let out = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: out) }
        let site = WebSite(base: "https://xmpp.org/", defaultLanguage: "en")
        let report = try ArchiveBuilder(
            ArchiveDefinition(
                name: "newsletter",
                title: "Newsletter",
                site: site,
                images: corpus + "/static"
            ),
            directory: IssueDirectory(path: corpus + "/issues", defaultLanguage: "en"),
            context: IssueContext(defaultLanguage: "en", site: site),
            templates: try TemplateSet(),
            today: try #require(IssueDate("2026-11-21"))
        ).build(into: out)
        #expect(report.issues == 113)
        try Self.checkPages(out, root: "/")
        for file in try FileManager.default.subpathsOfDirectory(atPath: out)
        where file.hasSuffix(".atom") {
            let feed = FeedDocument(try String(contentsOfFile: "\(out)/\(file)", encoding: .utf8))
            #expect(feed.problems == [], "\(file)")
        }
    }
}
