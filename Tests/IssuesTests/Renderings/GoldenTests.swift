import Foundation
import Testing
import XML
import XMPP

@testable import Issues

/// Whole issues as readers get them, beside the files that were looked at and found good.
///
/// After a change on purpose, `BROADSHEET_WRITE_RENDERINGS=1 swift test --filter GoldenTests` writes
/// the files anew; `git diff` shows what has become different.
@Suite struct GoldenTests {
    private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Samples").standardizedFileURL
    private static let expected = samples.appendingPathComponent("renderings/expected")
    private static let isWriting =
        ProcessInfo.processInfo.environment["BROADSHEET_WRITE_RENDERINGS"] == "1"

    private static let renderer = IssueRenderer(
        context: IssueContext(
            defaultLanguage: "en",
            site: Sample.context.site,
            hostToASCII: { $0.replacing("マリウス", with: "xn--gckvb8fzb") }
        ),
        newsletter: "dispatch",
        author: "The Dispatch team",
        rights: "CC BY-SA 4.0",
        amount: .full
    )

    private static func issues(in folder: String) throws -> [NewsletterIssue] {
        let path = samples.appendingPathComponent(folder).path
        let directory = IssueDirectory(path: path, defaultLanguage: "en")
        return try directory.catalog().entries.flatMap { entry in
            try entry.files.values.sorted { $0.rawValue < $1.rawValue }.map { name in
                let bytes = try directory.read(name)
                return try NewsletterIssue.parse(bytes, fileName: name, in: renderer.context)
            }
        }
    }

    @Test("the samples come out as they did", arguments: RenderingFormat.allCases)
    func renderings(_ format: RenderingFormat) throws {
        let issues = try Self.issues(in: "renderings") + Self.issues(in: "issues")
        #expect(issues.count >= 7)
        for issue in issues {
            let text = Self.renderer.text(of: issue, as: format, among: issues)
            let name = issue.fileName.rawValue.dropLast(3) + "." + format.fileEnding
            let file = Self.expected.appendingPathComponent(String(name))
            if Self.isWriting { try Data(text.utf8).write(to: file) }
            let golden = try String(contentsOf: file, encoding: .utf8)
            #expect(text == golden, "\(name) has changed; see the top of GoldenTests.swift")
        }
    }

    @Test("no file is kept of a sample that is gone")
    func leftOver() throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: Self.expected.path)
        let issues = try Self.issues(in: "renderings") + Self.issues(in: "issues")
        let wanted = issues.flatMap { issue in
            RenderingFormat.allCases.map {
                issue.fileName.rawValue.dropLast(3) + "." + $0.fileEnding
            }
        }
        #expect(Set(kept) == Set(wanted.map { String($0) }))
    }
}
