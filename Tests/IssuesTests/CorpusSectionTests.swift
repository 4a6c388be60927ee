import Foundation
import Testing
import XML

@testable import Issues

/// The sections of every real issue, beside those that people found in them.
///
/// Skipped where `BROADSHEET_CORPUS` is not set.
@Suite(.enabled(if: Corpus.isThere, "BROADSHEET_CORPUS names no folder of real issues"))
struct CorpusSectionTests {
    private struct Known: Decodable {
        struct Section: Decodable {
            let id: String
            let kind: String
            let parent: String?
            let aliases: [String: [String]]
        }
        let sections: [Section]

        /// The sections by language and title as written; no rule is applied.
        var byTitle: [String: [String: String]] {
            var result: [String: [String: String]] = [:]
            for section in sections {
                for (language, titles) in section.aliases {
                    for title in titles { result[language, default: [:]][title] = section.id }
                }
            }
            return result
        }
    }

    @Test("section headings of real issues open the section people say they do, and no others do")
    func headings() throws {
        let titles = try Corpus.json("taxonomy.json", as: Known.self).byTitle
        var (sections, entries) = (0, 0)
        for issue in try Corpus.issues() {
            for heading in issue.body.compactMap(\.heading) {
                let title = heading.text.plainText.trimmingCharacters(in: .whitespaces)
                let expected = titles[issue.language]?[title] ?? titles["en"]?[title]
                let found = Taxonomy.xmppNewsletter.section(
                    titled: title,
                    language: issue.language
                )
                #expect(found?.rawValue == expected, "\(issue.fileName.rawValue): \(title)")
                if expected == nil { entries += 1 } else { sections += 1 }
            }
        }
        #expect(sections > 2_200)
        #expect(entries > 20)
    }

    @Test("a section is found once, however often and at whatever level an issue opens it")
    func outlines() throws {
        for issue in try Corpus.issues() {
            let ids = issue.outline.all.compactMap(\.id)
            #expect(Set(ids).count == ids.count, "\(issue.fileName.rawValue)")
            let headings = issue.outline.all.flatMap(\.headings) + issue.outline.entryHeadings
            #expect(Set(headings).count == issue.body.count { $0.heading != nil })
            let parts = issue.outline.all.flatMap(\.parts) + issue.outline.introduction
            let covered = Set(parts.joined()).union(headings)
            #expect(covered == Set(issue.body.indices), "\(issue.fileName.rawValue)")
        }
    }

    @Test("kinds and nesting are the ones people gave them")
    func kinds() throws {
        for section in try Corpus.json("taxonomy.json", as: Known.self).sections {
            let entry = try #require(Taxonomy.xmppNewsletter[SectionID(rawValue: section.id)])
            #expect(entry.kind.rawValue == section.kind)
            #expect(entry.parent?.rawValue == section.parent)
        }
    }

    @Test("topics hold all the news, and only states that say there is nothing are left out")
    func topics() throws {
        var (states, empty) = (0, 0)
        for issue in try Corpus.issues() {
            for section in issue.outline.all where section.kind == .spec {
                states += 1
                guard issue.isEmptyState(section) else { continue }
                empty += 1
                let text = PlainTextRendering(language: "en")
                    .text(of: section.parts.joined().map { issue.body[$0] })
                #expect(!text.contains("Version"), "\(issue.fileName.rawValue): \(text)")
            }
            let topics = issue.topics
            #expect(topics.count > 1, "\(issue.fileName.rawValue)")
            let figures = topics.flatMap { Markup.figures(in: $0.issue.body) }
            let told = issue.outline.introduction.joined().map { issue.body[$0] }
            #expect(
                Markup.figures(in: issue.body).count
                    == figures.count + Markup.figures(in: told).count
            )
            for topic in topics {
                let element = Sample.entry(of: topic.issue).element
                #expect(try Element(xml: element.xml()) == element)
            }
        }
        #expect(states > 500)
        #expect((states / 4..<states * 3 / 4).contains(empty))
    }
}
