import Foundation
import Testing
import XML
import XMPP

@testable import Issues

/// Every real issue, rendered in every way.
///
/// Skipped where `BROADSHEET_CORPUS` is not set.
@Suite(.enabled(if: Corpus.isThere, "BROADSHEET_CORPUS names no folder of real issues"))
struct CorpusTests {
    @Test("every issue is read, in every language, and grouped with its translations")
    func everyIssueIsRead() throws {
        let issues = try Corpus.issues()
        #expect(issues.count == 113)
        let catalog = IssueCatalog(issues.map(\.fileName), defaultLanguage: "en")
        #expect(catalog.entries.allSatisfy { $0.surplus.isEmpty })
        #expect(catalog["2024-02-05-newsletter"]?.languages.contains("en") == true)
    }

    @Test("each issue's web address is the one its site gave it")
    func webAddresses() throws {
        struct Index: Decodable {
            struct Entry: Decodable {
                let file: String
                let url: String
                let title: String
                let lang: String
            }
            let issues: [Entry]
        }
        let issues = try Corpus.issues()
        for entry in try Corpus.json("issues.json", as: Index.self).issues {
            let issue = try #require(
                issues.first { "issues/\($0.fileName.rawValue)" == entry.file }
            )
            #expect(issue.webAddress == entry.url)
            #expect(issue.title == entry.title)
            #expect(issue.language == entry.lang)
        }
    }

    @Test("an issue's entry is well-formed, and a parser reads back the same")
    func entriesReadBack() throws {
        for issue in try Corpus.issues() {
            let element = Sample.entry(of: issue).element
            let copy = try Element(xml: element.xml())
            #expect(copy == element, "\(issue.fileName.rawValue)")
        }
    }

    @Test("no element, attribute or scheme that is not on the list reaches a reader")
    func onlyAllowedMarkup() throws {
        for issue in try Corpus.issues() {
            let entry = Sample.entry(of: issue).element
            let div = try #require(
                entry.children("content").compactMap { $0.child("div", in: .xhtml) }.first
            )
            #expect(Markup.strangers(in: div) == [], "\(issue.fileName.rawValue)")
            #expect(Markup.badAddresses(in: div) == [], "\(issue.fileName.rawValue)")
        }
    }

    @Test("no rendering shows a shortcode or the sign that stood for it")
    func noShortcodes() throws {
        for issue in try Corpus.issues() {
            let xml = Sample.entry(of: issue).element.xml()
            let texts = ChatAmount.allCases.map { issue.chatText($0) } + [xml, issue.eventBody()]
            for text in texts {
                #expect(!text.contains("{{<") && !text.contains("{{%"))
                #expect(!text.unicodeScalars.contains { (0xE000...0xF8FF).contains($0.value) })
            }
        }
    }

    @Test("a chat text begins with the title and ends with the way to the whole issue")
    func chatTexts() throws {
        for issue in try Corpus.issues() {
            for amount in ChatAmount.allCases {
                let lines = issue.chatText(amount).split(separator: "\n")
                #expect(lines.first.map { String($0) } == issue.title)
                #expect(lines.last?.hasSuffix(issue.webAddress ?? "-") == true)
            }
            #expect(issue.chatText(.short).count > issue.chatText(.link).count)
            #expect(issue.chatText(.full).count > issue.chatText(.short).count)
            #expect(issue.chatText(.short).count < 3_000)
            #expect(issue.lead() != nil)
        }
    }

    @Test("every figure is shown, with its caption, as a block of its own")
    func figures() throws {
        let expected = try Corpus.issues().reduce(0) { count, issue in
            let path = "\(Corpus.path ?? "")/issues/\(issue.fileName.rawValue)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return count + text.components(separatedBy: "{{< figure").count - 1
        }
        let found = try Corpus.issues().reduce(0) { $0 + Markup.figures(in: $1.body).count }
        #expect(found == expected)
        #expect(found > 200)
    }

    @Test("links and images are those that are in the text, no more and no fewer")
    func counts() throws {
        struct Index: Decodable {
            struct Entry: Decodable {
                let file: String
                let links: Int
                let markdown_images: Int
            }
            let issues: [Entry]
        }
        let issues = try Corpus.issues()
        var different = 0
        for entry in try Corpus.json("issues.json", as: Index.self).issues {
            let issue = try #require(
                issues.first { "issues/\($0.fileName.rawValue)" == entry.file }
            )
            let div = XHTMLRendering(page: issue.webAddress).div(issue.body, language: "en")
            let figures = Markup.figures(in: issue.body)
            let linked = figures.filter { $0.link != nil }.count
            let links = Markup.count("a", in: div) - linked
            #expect(Markup.count("img", in: div) == entry.markdown_images + figures.count)
            // cmark, which counted, links fediverse handles and an address without a scheme, and
            // not the bare addresses of people.
            #expect((-1...2).contains(links - entry.links), "\(entry.file)")
            if links != entry.links { different += 1 }
        }
        #expect(different <= 7)
    }

    @Test("the contents name the news and leave out what stands in every issue")
    func contents() throws {
        for issue in try Corpus.issues() {
            #expect((2...24).contains(issue.contents.count), "\(issue.fileName.rawValue)")
            #expect(!issue.contents.contains { ["License", "Lizenz", "Licence"].contains($0) })
        }
    }

    @Test("what is warned of has its place, and nothing stands in the way of publishing")
    func warnings() throws {
        let warnings = try Corpus.issues().flatMap(\.warnings)
        #expect(warnings.allSatisfy { $0.severity == .warning && $0.place.line > 0 })
        let byRule = Dictionary(grouping: warnings, by: \.rule).mapValues(\.count)
        #expect((byRule[.dateMismatch] ?? 0) > 10)
        #expect((byRule[.fragmentDead] ?? 0) > 5)
        #expect(byRule[.rawHTML] == nil)
        let schemeless = warnings.filter { $0.rule == .schemeMissing }
        #expect(schemeless.contains { $0.message.contains("codeberg.org/slidge") })
    }
}
