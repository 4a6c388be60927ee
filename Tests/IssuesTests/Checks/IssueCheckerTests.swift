import Foundation
import Testing

@testable import Issues

/// From files to findings.
@Suite struct IssueCheckerTests {
    private func file(_ name: String, _ body: String) throws -> CheckFile {
        let head = "---\ntitle: Dispatch \(name)\ndate: \(name.prefix(10))\n---\n"
        return CheckFile(
            path: "issues/\(name)",
            name: try #require(IssueFileName(name)),
            bytes: Array((head + body).utf8)
        )
    }

    private func lines(
        _ files: [CheckFile],
        _ settings: CheckSettings = CheckSettings(),
        taxonomy: Taxonomy? = nil
    ) -> [String] {
        IssueChecker(settings: settings, taxonomy: taxonomy).check(files).findings
            .map { "\($0.file):\($0.place.line):\($0.place.column) \($0.rule.rawValue)" }
    }

    @Test("findings are said under the path that was given, at line and column, in order")
    func places() throws {
        let file = try file("2026-03-05-d.md", "- é [a] (https://a.example)\n-b\n\n##C\n[d](#e)\n")
        #expect(
            lines([file]) == [
                "issues/2026-03-05-d.md:5:5 link-broken", "issues/2026-03-05-d.md:6:1 bullet-glued",
                "issues/2026-03-05-d.md:8:1 heading-blank",
                "issues/2026-03-05-d.md:9:1 fragment-dead",
            ]
        )
    }

    @Test("a rule can be switched off or made an error; what can't be read stays one")
    func levels() throws {
        let settings = CheckSettings(
            levels: [.linkBroken: .off, .bulletGlued: .error, .shortcodeUnknown: .off]
        )
        let checker = IssueChecker(settings: settings, taxonomy: nil)
        let mild = checker.check([try file("2026-03-05-d.md", "[a] (/b)\n-c\n")])
        #expect(mild.findings.map(\.rule) == [.bulletGlued])
        #expect(mild.exitCode == 1)
        let bad = checker.check([try file("2026-03-05-d.md", "{{< video >}}")])
        #expect(bad.findings.map(\.severity) == [.error])
    }

    @Test("warnings alone are no failure")
    func exitCodes() throws {
        let checker = IssueChecker(taxonomy: nil)
        #expect(checker.check([try file("2026-03-05-d.md", "-c\n")]).exitCode == 0)
        #expect(checker.check([try file("2026-03-05-d.md", "[a] (/b)\n")]).exitCode == 1)
        #expect(checker.check(paths: ["/nonexistent/2026-03-05-d.md"]).exitCode == 2)
        #expect(checker.check(paths: ["/nonexistent/README.txt"]).failures.count == 1)
    }

    @Test("without a taxonomy no section is missing, unknown or there twice")
    func noTaxonomy() throws {
        let file = try file(
            "2026-03-05-d.md",
            "## Events\n\n## Articles\n\n## Events\n\n## Poems\n"
        )
        #expect(lines([file]) == [])
        let found = lines([file], taxonomy: .xmppNewsletter)
        #expect(found.filter { $0.hasSuffix("section-missing") }.count == 2)
        #expect(found.contains("issues/2026-03-05-d.md:9:1 section-duplicate"))
        #expect(found.contains("issues/2026-03-05-d.md:11:1 section-unknown"))
    }

    @Test("a translation that follows its original is not complained about")
    func faithful() throws {
        let original = try file(
            "2026-03-05-d.md",
            "## Events\n\n[Duels](https://a.example/en) XEP-0045\n\n![A](/a.png)\n"
        )
        let translation = try file(
            "2026-03-05-d.it.md",
            "# Eventi\n\n[Duelli](https://a.example/it) XEP-0045\n\n![Un](/a.png)\n"
        )
        let found = lines([original, translation], taxonomy: .xmppNewsletter)
        #expect(found.filter { $0.contains("drift") || $0.contains("title") } == [])
    }

    @Test("an issue is compared with the one before it in its own language only")
    func repeated() throws {
        let body = "## New\n\n- Version 0.1 of XEP-0500\n- No XEPs were proposed\n"
        let files = [
            try file("2026-01-05-d.it.md", body), try file("2026-02-05-d.md", body),
            try file("2026-03-05-d.md", body),
            try file("2026-04-05-d.md", "## Stable\n\n- XEP-0500"),
        ]
        let found = lines(files, taxonomy: .xmppNewsletter).filter { $0.hasSuffix("repeated") }
        #expect(found == ["issues/2026-03-05-d.md:7:3 entry-repeated"])
    }

    @Test("files beside the given ones are compared with, not checked")
    func neighbours() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, body) in [
            ("2026-03-05-d.md", "XEP-0045\n-a\n"),
            ("2026-03-05-d.it.md", "Testo"),
        ] {
            let bytes = Data(try file(name, body).bytes)
            try bytes.write(to: folder.appendingPathComponent(name))
        }
        let path = folder.appendingPathComponent("2026-03-05-d.it.md").path
        let report = IssueChecker(taxonomy: nil).check(paths: [path])
        #expect(report.findings.map(\.rule) == [.driftSpecifications])
        #expect(report.findings.first?.file == path)
        #expect(report.fileCount == 1)
    }

    @Test("an image that is there is not missed, one in another place is not looked for")
    func images() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = try file(
            "2026-03-05-d.md",
            "![a](/IssueCheckerTests.swift)\n\n![b](https://b.example/b.png)\n\n![c](/c%20d.png)\n"
        )
        let report = IssueChecker(taxonomy: nil, imageFolder: folder.path).check([file])
        #expect(report.findings.map(\.rule) == [.imageMissing])
        #expect(report.findings.first?.message.contains("'c d.png'") == true)
    }

    @Test("an item over the limit is told of with its size")
    func size() throws {
        let file = try file(
            "2026-03-05-d.md",
            String(repeating: "To be or not to be.\n\n", count: 200)
        )
        #expect(lines([file]) == [])
        let settings = CheckSettings(maximumItemSize: 8_000)
        #expect(lines([file], settings) == ["issues/2026-03-05-d.md:2:1 size-limit"])
    }

    @Test("a whole issue too large for one chat message is told of, at its title")
    func messageSize() throws {
        let body = String(repeating: "To be or not to be.\n\n", count: 200)
        let file = try file("2026-03-05-d.md", body)
        let checker = IssueChecker(
            settings: CheckSettings(maximumMessageSize: 3_000),
            taxonomy: nil
        )
        let found = checker.check([file]).findings
        #expect(found.map(\.rule) == [.messageSize])
        #expect(found.first?.place.line == 2)
        #expect(found.first?.message.contains("more than the 3000") == true)
        #expect(lines([file], CheckSettings(maximumMessageSize: 6_000)) == [])
    }
}
