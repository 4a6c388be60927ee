import Foundation
import Testing

@testable import Issues

/// What `specs` says of two real months, beside what their issues told readers.
///
/// Skipped where `BROADSHEET_CORPUS` is not set.
@Suite(.enabled(if: Corpus.isThere, "BROADSHEET_CORPUS names no folder of real issues"))
struct CorpusSpecificationTests {
    /// One entry of one state: `updated 0060`, or `proposed forums`.
    private typealias Entries = Set<String>

    @Test("in October 2025, all that the issue told was found, and nothing else")
    func october2025() throws {
        let told = try told(in: "2025-11-05-newsletter.md")
        let found = try found(from: "2025-10-01", to: "2025-11-01")
        let (precision, recall) = measure("October 2025", found, told)
        #expect(told.count == 15)
        #expect(precision == 1)
        #expect(recall == 1)
    }

    /// Two states of XEP-0458 are missing, of which the lists tell nothing: its version 0.3 was in
    /// the older one already, and its last call is in neither.
    @Test("in October 2023, nothing wrong was found, and all that differs in the lists")
    func october2023() throws {
        let told = try told(in: "2023-11-05-newsletter.md")
        let found = try found(from: "2023-10-01", to: "2023-11-01")
        let (precision, recall) = measure("October 2023", found, told)
        #expect(precision == 1)
        #expect(recall >= 0.66)
        let missing = told.subtracting(found)
        #expect(missing == ["last-call 0458", "updated 0458"])
        let copies = try ["2023-10-01", "2023-11-01"].map {
            try SpecificationCopy(file: Self.url(of: $0))
        }
        for entry in missing {
            let number = try #require(Int(entry.suffix(4)), "\(entry) is a proposal")
            let states = copies.map { $0.specifications[.number(number)] }
            #expect(
                states[0] != nil && states[0] == states[1],
                "\(entry) can be told from the lists"
            )
            #expect(states[0]?.version == "0.3" && states[1]?.lastCall == nil, "\(entry)")
        }
    }

    @Test("versions are those that the issue told")
    func versions() throws {
        let issue = try text(of: "2025-11-05-newsletter.md")
        let section = try section(from: "2025-10-01", to: "2025-11-01")
        let lines = section.split(separator: "\n").filter { $0.hasPrefix("- Version") }
        #expect(lines.count == 9)
        for line in lines {
            #expect(issue.contains(line.prefix { $0 != "(" }), "\(line)")
        }
    }

    @Test("the text has nothing that the checks would find")
    func checks() throws {
        for (old, new) in [("2023-10-01", "2023-11-01"), ("2025-10-01", "2025-11-01")] {
            let front = "---\ntitle: Month\ndate: \(new)\n---\n\n"
            let file = CheckFile(
                path: "issue.md",
                name: try #require(IssueFileName("\(new)-newsletter.md")),
                bytes: Array((front + (try section(from: old, to: new))).utf8)
            )
            let list = try SpecificationList(file: Self.url(of: new))
            let findings = IssueChecker(
                settings: CheckSettings(levels: [.sectionMissing: .off], specifications: list),
                context: IssueContext(
                    defaultLanguage: "en",
                    site: WebSite(base: "https://xmpp.org/", defaultLanguage: "en"),
                    taxonomy: .xmppNewsletter
                )
            )
            .check([file]).findings
            #expect(findings.map(\.description) == [])
        }
    }

    private func measure(
        _ month: String,
        _ found: Entries,
        _ told: Entries
    ) -> (precision: Double, recall: Double) {
        let both = Double(found.intersection(told).count)
        let (precision, recall) = (both / Double(found.count), both / Double(told.count))
        print(
            "specs, \(month): \(found.count) found, \(told.count) told, "
                + String(format: "precision %.2f, recall %.2f", precision, recall)
        )
        return (precision, recall)
    }

    private func found(from old: String, to new: String) throws -> Entries {
        entries(of: try section(from: old, to: new))
    }

    private func section(from old: String, to new: String) throws -> String {
        let changes = try SpecificationChanges(
            from: SpecificationCopy(file: Self.url(of: old)),
            to: SpecificationCopy(file: Self.url(of: new))
        )
        return SpecificationSection(changes, base: "/extensions").markdown
    }

    private func told(in file: String) throws -> Entries {
        entries(of: try text(of: file))
    }

    private func text(of file: String) throws -> String {
        let path = (Corpus.path ?? "") + "/issues/" + file
        return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    private static func url(of day: String) -> URL {
        URL(filePath: (Corpus.path ?? "") + "/xeplist/\(day).xml")
    }

    /// The items of the states' lists, by what their links lead to.
    private func entries(of text: String) -> Entries {
        var state: String?
        var entries: Entries = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                let title = String(line.drop { $0 == "#" || $0 == " " })
                let section = Taxonomy.xmppNewsletter.section(titled: title, language: "en")
                let isState = section.flatMap { Taxonomy.xmppNewsletter[$0] }?.kind == .spec
                state = isState ? section?.rawValue : nil
            } else if let state, line.hasPrefix("- ") {
                let name =
                    line.firstMatch(of: /inbox\/([\w.-]+)\.html/)?.1
                    ?? line.firstMatch(of: /xep-(\d{4})\.html/)?.1
                if let name { entries.insert("\(state) \(name)") }
            }
        }
        return entries
    }
}
