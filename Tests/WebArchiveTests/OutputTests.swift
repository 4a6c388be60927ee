import Foundation
import Testing

@testable import WebArchive

@Suite("Writing the archive")
struct OutputTests {
    @Test("a second run with nothing changed writes nothing")
    func incremental() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        let first = try sample.build()
        #expect(first.changes.unchanged == 0)
        let manifest = sample.out + "/" + SiteManifest.name
        let before = try FileManager.default.attributesOfItem(atPath: manifest)
        let second = try sample.build()
        #expect(second.changes.written == [] && second.changes.removed == [])
        #expect(second.changes.unchanged == first.changes.written.count)
        let after = try FileManager.default.attributesOfItem(atPath: manifest)
        #expect(before[.modificationDate] as? Date == after[.modificationDate] as? Date)
    }

    @Test("after a correction only the pages that show it are written")
    func correction() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let text = SampleArchive.text("News of month 1", 1).replacing("Mercutio", with: "Tybalt")
        try sample.write("issues/2026-01-05-dispatch.md", text)
        let written = try sample.build().changes.written
        #expect(written.contains("2026/01/news-of-month-1/index.html"))
        #expect(!written.contains("2026/02/news-of-month-2/index.html"))
        #expect(!written.contains("feed.atom"), "it is in the archive document now")
        #expect(written.contains("feed-1.atom"))
    }

    @Test("pages of an issue that is gone are removed, and what others put there stays")
    func stale() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        try sample.write("out/2026/01/news-of-month-1/note.txt", "mine")
        try sample.write("out/favicon.ico", "mine")
        try sample.write("out/2026/02/news-of-month-2/index.html", "changed by hand")
        for month in 1...2 {
            try FileManager.default.removeItem(
                atPath: sample.issues + "/2026-0\(month)-05-dispatch.md"
            )
        }
        let removed = try sample.build().changes.removed
        #expect(removed.contains("2026/01/news-of-month-1/index.html"))
        #expect(try sample.page("2026/01/news-of-month-1/note.txt") == "mine")
        #expect(try sample.page("favicon.ico") == "mine")
        #expect(try sample.page("2026/02/news-of-month-2/index.html") == "changed by hand")
    }

    @Test("a folder with files of somebody else is refused before anything is written")
    func foreign() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        try sample.write("out/index.html", "another site")
        let error = #expect(throws: ArchiveError.self) { try sample.build() }
        #expect(error?.description.contains("index.html") == true)
        #expect(try sample.files() == ["index.html"])
    }

    @Test("after a run that was cut short the next one completes it")
    func cutShort() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        let whole = try sample.build().changes.written
        // As if the manifest had been written, and then half of the files.
        for file in whole.prefix(whole.count / 2) {
            try FileManager.default.removeItem(atPath: "\(sample.out)/\(file)")
        }
        try sample.write("out/style.css", "half a fi")
        let again = try sample.build().changes.written
        #expect(Set(again) == Set(whole.prefix(whole.count / 2)).union(["style.css"]))
    }

    @Test("two runs at once: the second one says so")
    func busy() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        try FileManager.default.createDirectory(
            atPath: sample.out,
            withIntermediateDirectories: true
        )
        let descriptor = open(sample.out, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let error = #expect(throws: ArchiveError.self) { try sample.build() }
        #expect(error?.description.contains("Another run") == true)
    }

    @Test("a manifest that names places outside removes nothing there")
    func manifest() {
        let text = "aa ../../etc/passwd\nbb /etc/passwd\ncc a/index.html\n"
        #expect(SiteManifest(text: text).fingerprints == ["a/index.html": "cc"])
    }
}
