import Foundation
import Testing

@testable import WebArchive

@Suite("Search and subscribing")
struct SearchTests {
    private struct Index: Decodable {
        struct Issue: Decodable { let path, title, date: String }
        let issues: [Issue]
        let words: [String]
        let places: [[Int]]
    }

    private func index(_ sample: SampleArchive) throws -> Index {
        try JSONDecoder().decode(Index.self, from: Data(sample.page("search/index.json").utf8))
    }

    @Test("a word is found in every section that has it, without its accents")
    func words() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let index = try index(sample)
        #expect(index.issues.map(\.title).first == "News of month 5")
        let number = try #require(index.words.firstIndex(of: "angstrom"))
        #expect(index.places[number].count == 5)
        #expect(index.words == index.words.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) })
        #expect(!index.words.contains("unfindable"), "what stands in every issue finds nothing")
    }

    @Test("words end where the script ends them, however their accents are written")
    func wordsOfAText() {
        #expect(
            SearchWords.of(
                "\u{C5}ngstro\u{308}m, A\u{30A}NGSTR\u{D6}M – naïve_x don’t XEP-0313 ②🌙 \u{301}"
            )
                == ["angstrom", "angstrom", "naive", "x", "don", "t", "xep", "0313", "②"]
        )
        #expect(SearchWords.of("").isEmpty)
    }

    @Test("without a script there is a register of names with their issues")
    func register() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        _ = try sample.build()
        let page = try sample.page("search/index.html")
        #expect(page.contains("<dt>Capulet Ball</dt>"))
        #expect(page.contains("aria-label=\"Capulet Ball, 5 March 2026\">2026-03</a>"))
        #expect(!page.contains("<dt>Boilerplate</dt>"))
    }

    @Test("texts in JSON are quoted whatever is in them")
    func json() throws {
        let text = "a\"b\\c\nd\u{1}e\u{2028}é🌙"
        let data = Data("[\(JSONText.quoted(text))]".utf8)
        #expect(try JSONDecoder().decode([String].self, from: data) == [text])
    }

    @Test("a code has the three corners readers look for, and an empty border")
    func code() throws {
        let code = try #require(QRCode("xmpp:news.verona.example?pubsub;action=subscribe"))
        let last = code.width - 7
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            for step in 0..<7 {
                #expect(code[row, column + step] && code[row + 6, column + step])
                #expect(code[row + step, column] && code[row + step, column + 6])
            }
            #expect(!code[row + 1, column + 1] && code[row + 3, column + 3])
        }
        #expect(
            code.svg(label: "a \"b\" & <c>").contains("aria-label=\"a &quot;b&quot; &amp; &lt;c>\"")
        )
        #expect(code.svg(label: "").contains("viewBox=\"0 0 \(code.width + 8) \(code.width + 8)\""))
        #expect(QRCode(String(repeating: "x", count: 5000)) == nil)
    }
}
