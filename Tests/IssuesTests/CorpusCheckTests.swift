import Foundation
import Testing

@testable import Issues

/// What the checks find in every real issue.
///
/// Skipped where `BROADSHEET_CORPUS` is not set.
@Suite(.enabled(if: Corpus.isThere, "BROADSHEET_CORPUS names no folder of real issues"))
struct CorpusCheckTests {
    /// The links that readers of the published pages see broken, looked for by hand.
    private static let brokenLinks = [
        "2018-06-01-newsletter.md": [84],
        "2020-03-15-newsletter.md": [61],
        "2022-03-05-newsletter.de.md": [94],
        "2022-03-05-newsletter.fr.md": [140],
        "2022-05-05-newsletter.es.md": [93],
        "2022-09-05-newsletter.de.md": [83],
        "2023-09-05-newsletter.fr.md": [14, 46, 51, 91, 140, 161],
        "2023-10-05-newsletter.fr.md": [24, 77, 85, 91, 239],
        "2023-11-05-newsletter.fr.md": [177],
        "2023-12-05-newsletter.fr.md": [181],
        "2024-06-05-newsletter.it.md": [47],
        "2024-08-05-newsletter.de.md": [21, 26],
        "2024-10-05-newsletter.de.md": [23],
        "2025-08-05-newsletter.it.md": [61, 73, 73, 75, 82, 83],
        "2025-10-05-newsletter.de.md": [52],
    ]

    private static let report = Result {
        let directory = IssueDirectory(path: (Corpus.path ?? "") + "/issues", defaultLanguage: "en")
        let files = try Corpus.names().map { name in
            CheckFile(path: name.rawValue, name: name, bytes: try directory.read(name))
        }
        return IssueChecker(context: Corpus.context).check(files)
    }

    @Test("each of the 30 broken links is found at its line, and nothing else is called one")
    func links() throws {
        let found = try Self.report.get().findings
            .filter { $0.rule == .linkBroken || $0.rule == .linkBlank }
        let lines = Dictionary(grouping: found, by: \.file).mapValues { $0.map(\.place.line) }
        #expect(lines == Self.brokenLinks)
        #expect(found.count == 30)
    }

    @Test("what is called an error is one")
    func errors() throws {
        let errors = try Self.report.get().findings.filter { $0.severity == .error }
        let others = errors.filter { $0.rule != .linkBroken && $0.rule != .linkBlank }
        #expect(
            others.map { "\($0.file):\($0.place.line) \($0.rule.rawValue)" }
                == ["2026-08-05-newsletter.md:85 scheme-missing"]
        )
    }

    @Test("no page shows the signs of a link that was not found")
    func residue() throws {
        let found = try Self.report.get().findings
        for issue in try Corpus.issues() {
            let places = found.filter { $0.file == issue.fileName.rawValue }
            for (block, next) in zip(issue.body, Array(issue.body.dropFirst()) + [nil]) {
                let text = PlainTextRendering(language: "en").text(of: [block])
                let signs = ["](", "] (http", "((http"]
                let isBroken = text.split(separator: "\n").contains { line in
                    signs.contains { line.contains($0) }
                }
                guard isBroken else { continue }
                let lines = block.place.line..<(next?.place.line ?? 100_000)
                #expect(
                    places.contains { lines.contains($0.place.line) && $0.severity == .error },
                    "\(issue.fileName.rawValue):\(block.place.line)"
                )
            }
        }
    }

    @Test("known mistakes of other kinds are found where they are")
    func others() throws {
        let found = Set(
            try Self.report.get().findings
                .map {
                    "\($0.file.replacing("-newsletter", with: "")):\($0.place.line) \($0.rule.rawValue)"
                }
        )
        for expected in [
            "2025-08-05.it.md:102 heading-indented", "2025-08-05.it.md:102 heading-glued",
            "2020-06-09.md:107 bullet-glued", "2024-02-05.md:61 figure-glued",
            "2024-07-05.md:54 figure-glued", "2024-07-05.md:63 figure-glued",
            "2024-06-05.it.md:64 figure-glued", "2023-05-05.md:39 section-duplicate",
            "2022-12-05.md:113 entry-repeated", "2025-11-05.it.md:5 key-unknown",
            "2021-09-05.md:7 aliases-text", "2021-05-05.md:56 specification-mismatch",
            "2019-10-01.md:100 letter-lookalike", "2025-11-05.it.md:17 fragment-dead",
        ] {
            #expect(found.contains(expected), "\(expected)")
        }
    }

    @Test("a link to a place of the original's page is led to the same section here")
    func fragments() throws {
        let dead = try Self.report.get().findings.filter { $0.rule == .fragmentDead }
        #expect(dead.count > 10)
        for finding in dead where finding.message.contains("'help-us-to-build-the-newsletter'") {
            let issue = try #require(
                try Corpus.issues().first { $0.fileName.rawValue == finding.file }
            )
            let ids = issue.outline["help"]?.headings.compactMap { issue.body[$0].heading?.id }
            #expect(finding.suggestion == ids?.first.map { "#\($0)" }, "\(finding.file)")
        }
    }

    @Test("against the list of their time, the issues name specifications that exist")
    func specifications() throws {
        let url = URL(filePath: (Corpus.path ?? "") + "/xeplist/2025-11-01.xml")
        let settings = CheckSettings(specifications: try SpecificationList(file: url))
        let directory = IssueDirectory(path: (Corpus.path ?? "") + "/issues", defaultLanguage: "en")
        let files = try Corpus.names().filter { $0.rawValue < "2025-11-30" }.map { name in
            CheckFile(path: name.rawValue, name: name, bytes: try directory.read(name))
        }
        let findings = IssueChecker(settings: settings, context: Corpus.context).check(files)
            .findings
        let unknown = findings.filter { $0.rule == .specificationUnknown }
        #expect(unknown.map(\.description) == [])
        let titles = findings.filter { $0.rule == .specificationTitle }
        #expect(titles.map(\.description) == [])
    }

    @Test("entries of events that are over are found, and not many are called so")
    func events() throws {
        let over = try Self.report.get().findings.filter { $0.rule == .eventOver }
        let places = over.map { "\($0.file.replacing("-newsletter", with: "")):\($0.place.line)" }
        #expect(places.contains("2023-09-05.fr.md:41"))
        #expect(places.contains("2024-02-05.md:47"))
        #expect(places.contains("2024-08-05.it.md:45"))
        #expect(places.count == 18)
    }
}
