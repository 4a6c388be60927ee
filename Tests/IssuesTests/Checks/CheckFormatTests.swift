import Foundation
import Testing

@testable import Issues

/// A report as people and programs read it.
@Suite struct CheckFormatTests {
    private let report = CheckReport(
        findings: [
            IssueFinding(
                file: "a,b/2026-03-05-d.md",
                place: SourcePlace(line: 7, column: 3),
                severity: .error,
                message: "100% broken: \"so\".",
                rule: .linkBroken,
                suggestion: "[a](b)"
            )
        ],
        fileCount: 2
    )
    private let failed = CheckReport(
        findings: [],
        fileCount: 0,
        failures: [CheckFile.Failure(path: "x.txt", description: "'x.txt' is no issue file.")]
    )

    @Test("as text, a finding is a line that editors can follow, with what to write below it")
    func text() {
        #expect(
            report.formatted(as: .text) == """
                a,b/2026-03-05-d.md:7:3: error: 100% broken: "so". [link-broken]
                    instead: [a](b)
                2 files checked: 1 error, 0 warnings.

                """
        )
        #expect(
            failed.formatted(as: .text)
                == "error: 'x.txt' is no issue file.\n0 files checked: nothing found.\n"
        )
    }

    @Test("as workflow commands, with the escapes GitHub wants")
    func github() {
        #expect(
            report.formatted(as: .github)
                == "::error file=a%2Cb/2026-03-05-d.md,line=7,col=3,title=link-broken::"
                + "100%25 broken: \"so\".%0AInstead: [a](b)\n"
        )
        #expect(failed.formatted(as: .github) == "::error file=x.txt::'x.txt' is no issue file.\n")
        #expect(CheckReport(findings: [], fileCount: 1).formatted(as: .github) == "")
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("as JSON, with counts and every field of a finding")
    func json() throws {
        let document = try object(report.formatted(as: .json))
        #expect(document["errors"] as? Int == 1)
        #expect(document["files"] as? Int == 2)
        let finding = try #require((document["findings"] as? [[String: Any]])?.first)
        #expect(finding["line"] as? Int == 7)
        #expect(finding["column"] as? Int == 3)
        #expect(finding["rule"] as? String == "link-broken")
        #expect(finding["severity"] as? String == "error")
        #expect(finding["suggestion"] as? String == "[a](b)")
        #expect((try object(failed.formatted(as: .json))["failures"] as? [Any])?.count == 1)
    }

    @Test("as SARIF, with the rule, the place and whether the run went well")
    func sarif() throws {
        let document = try object(report.formatted(as: .sarif))
        #expect(document["version"] as? String == "2.1.0")
        let run = try #require((document["runs"] as? [[String: Any]])?.first)
        let result = try #require((run["results"] as? [[String: Any]])?.first)
        #expect(result["ruleId"] as? String == "link-broken")
        #expect(result["level"] as? String == "error")
        let text = "\(result)"
        #expect(text.contains("startLine\": 7") && text.contains("startColumn\": 3"))
        #expect(failed.formatted(as: .sarif).contains("\"executionSuccessful\" : false"))
    }
}
