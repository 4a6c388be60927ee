import Foundation
import Testing

@testable import Issues

/// The sample issues that come with the project, and the broken ones.
@Suite struct SampleFilesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Samples").path

    @Test("the sample issues are read without a warning, and render in every way")
    func samples() throws {
        let directory = IssueDirectory(path: Self.folder + "/issues", defaultLanguage: "en")
        let entries = try directory.catalog().entries
        #expect(entries.count >= 3)
        #expect(entries.contains { $0.languages.count >= 3 })
        for entry in entries {
            for language in entry.languages {
                let issue = try directory.issue(entry.id, language: language, in: Sample.context)
                #expect(issue.warnings.map(\.description) == [])
                #expect(!issue.chatText(.full).contains("{{<"))
                #expect(issue.contents.count > 1)
                #expect(!issue.imageSources.isEmpty)
            }
        }
    }

    @Test("each broken sample is told of by its rule")
    func broken() throws {
        let directory = IssueDirectory(path: Self.folder + "/broken", defaultLanguage: "en")
        var rules: [String: Set<IssueRule>] = [:]
        for entry in try directory.catalog().entries {
            do {
                let issue = try directory.issue(entry.id, language: "en", in: Sample.context)
                rules[entry.id.rawValue] = Set(issue.warnings.map(\.rule))
            } catch let error as IssueError {
                rules[entry.id.rawValue] = Set(error.findings.map(\.rule))
            }
        }
        #expect(rules["2026-01-05-unknown-key"]?.contains(.keyUnknown) == true)
        #expect(rules["2026-01-06-missing-title"]?.contains(.titleMissing) == true)
        #expect(rules["2026-01-07-broken-yaml"]?.contains(.yaml) == true)
        #expect(rules["2026-01-08-unclosed-shortcode"]?.contains(.shortcodeUnclosed) == true)
        #expect(rules["2026-01-09-unknown-shortcode"]?.contains(.shortcodeUnknown) == true)
        #expect(rules["2026-01-10-not-utf8"]?.contains(.encoding) == true)
    }
}
