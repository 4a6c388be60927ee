import Testing

@testable import Issues

/// Texts that nobody would write on purpose.
@Suite struct AnyInputTests {
    private static let parts = [
        "---\n", "title: T\n", "date: 2026-03-05\n", "summary: [", "## Events\n", "### New\n",
        "# Licence\n", "- ", "  - ", "\n", "\n\n", "XEP-0045", "[a](", "](https://a.example)",
        "[b] (https://b.example", ")", "{{< figure src=\"/a\" >}}", "{{< ", ">}}", "![", "](#b)",
        "`", "```\n", "<b>", "&#0;", "\u{0}", "\u{455}a", "é", "\u{202E}", "\r\n", "\t",
        "| a |\n|-|\n",
        "> ", "*", "_", "\\", "http://", "xmpp:a@b", "\u{E000}", "1. ",
    ]

    private func text(_ numbers: inout RepeatableNumbers) -> String {
        let head = Bool.random(using: &numbers) ? "---\ntitle: T\ndate: 2026-03-05\n---\n" : ""
        let count = Int.random(in: 0..<40, using: &numbers)
        return head
            + (0..<count).map { _ in Self.parts.randomElement(using: &numbers) ?? "" }.joined()
    }

    @Test("any files are checked to the end, at places within them, and reported in every format")
    func checks() throws {
        var numbers = RepeatableNumbers(seed: 5)
        let names = ["2026-03-05-d.md", "2026-03-05-d.it.md", "2026-04-05-d.md"]
        let checker = IssueChecker(taxonomy: .xmppNewsletter)
        for _ in 0..<150 {
            let files = try names.map { name in
                CheckFile(
                    path: name,
                    name: try #require(IssueFileName(name)),
                    bytes: Array(text(&numbers).utf8)
                )
            }
            let report = checker.check(files)
            for finding in report.findings {
                let file = files.first { $0.path == finding.file }
                let lines = (file?.bytes ?? []).count { $0 == UInt8(ascii: "\n") } + 1
                #expect((1...lines).contains(finding.place.line), "\(finding)")
                #expect(finding.place.column >= 1)
            }
            for format in CheckFormat.allCases { _ = report.formatted(as: format) }
        }
    }

    @Test("any bytes are checked to the end")
    func bytes() throws {
        var numbers = RepeatableNumbers(seed: 6)
        let name = try #require(IssueFileName("2026-03-05-d.md"))
        let checker = IssueChecker(taxonomy: .xmppNewsletter)
        for _ in 0..<300 {
            var bytes = Array(text(&numbers).utf8)
            for _ in 0..<3 where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &numbers)
                bytes[index] = UInt8.random(in: 0...255, using: &numbers)
            }
            let report = checker.check([CheckFile(path: "x", name: name, bytes: bytes)])
            #expect(report.fileCount == 1)
        }
    }

    @Test("topics of any issue are well-formed")
    func topics() throws {
        var numbers = RepeatableNumbers(seed: 7)
        let name = try #require(IssueFileName("2026-03-05-d.md"))
        var seen = 0
        for _ in 0..<300 {
            let text = text(&numbers)
            guard let issue = try? NewsletterIssue.parse(text, fileName: name, in: Sample.context)
            else { continue }
            for topic in issue.topics {
                seen += 1
                #expect(!topic.issue.body.isEmpty)
                for section in topic.issue.outline.all {
                    let indices = section.headings + section.parts.joined()
                    #expect(indices.allSatisfy { topic.issue.body.indices.contains($0) })
                }
            }
        }
        #expect(seen > 10)
    }

    @Test("any text is a taxonomy or a reason why not")
    func taxonomies() {
        var numbers = RepeatableNumbers(seed: 8)
        let parts = [
            "a:\n", "b:\n", "  en: A | B\n", "  within: a\n", "  kind: spec\n", "  required: yes\n",
            "- ", "[", "}", "\"", "  ", "|", "&a ", "*a", "\n", ": ",
        ]
        var (good, bad) = (0, 0)
        for _ in 0..<1_000 {
            let count = Int.random(in: 1..<8, using: &numbers)
            let head = Bool.random(using: &numbers) ? "a:\n  en: A | B\n" : ""
            let text =
                head + (0..<count).map { _ in parts.randomElement(using: &numbers) ?? "" }.joined()
            do {
                let taxonomy = try Taxonomy(yaml: text)
                good += 1
                #expect(taxonomy.section(titled: "B", language: "en") != nil || !text.contains("B"))
            } catch {
                bad += 1
                #expect(error.description.hasSuffix("."), "\(error)")
            }
        }
        #expect(good > 5 && bad > 5)
    }
}
