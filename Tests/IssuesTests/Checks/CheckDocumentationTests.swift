import Foundation
import Testing

@testable import Issues

/// `docs/checks.md` and the rules of the code.
@Suite struct CheckDocumentationTests {
    struct Chapter {
        var rule: String
        var level = ""

        /// The file names and texts of the examples.
        var examples: [(name: String, text: String)] = []
    }

    static func chapters() throws -> [Chapter] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/checks.md").standardizedFileURL.path
        var chapters: [Chapter] = []
        var isExample = false
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard !line.hasPrefix("### `") else {
                chapters.append(Chapter(rule: String(line.dropFirst(5).dropLast())))
                continue
            }
            guard !chapters.isEmpty else { continue }
            let last = chapters.count - 1
            if line.hasPrefix("```") {
                isExample.toggle()
                guard isExample, let name = line.split(separator: " ").last else { continue }
                chapters[last].examples.append((String(name), ""))
            } else if isExample {
                chapters[last].examples[chapters[last].examples.count - 1].text += line + "\n"
            } else if line.hasPrefix("Default: ") {
                chapters[last].level = String(line.dropFirst(9).prefix { $0 != "." })
            }
        }
        return chapters
    }

    /// An example without front matter gets one, unless that is what it lacks.
    static func file(_ example: (name: String, text: String), of rule: String) throws -> CheckFile {
        let head = "---\ntitle: The Verona Dispatch\ndate: \(example.name.prefix(10))\n---\n"
        let isWhole = example.text.hasPrefix("---") || rule == "front-matter-missing"
        return CheckFile(
            path: example.name,
            name: try #require(IssueFileName(example.name)),
            bytes: Array((isWhole ? example.text : head + example.text).utf8)
        )
    }

    @Test("every rule is described once, with the level it has, and none that does not exist")
    func rules() throws {
        let chapters = try Self.chapters()
        #expect(chapters.map(\.rule).sorted() == IssueRule.allCases.map(\.rawValue).sorted())
        for chapter in chapters {
            let rule = IssueRule(rawValue: chapter.rule)
            #expect(chapter.level == rule?.defaultLevel.rawValue, "\(chapter.rule)")
        }
    }

    @Test("every example breaks its rule, at the level that is promised")
    func examples() throws {
        let withoutExample: Set<IssueRule> = [
            .encoding, .controlCharacter, .sizeLimit, .messageSize, .linkDead,
        ]
        let specifications = SpecificationList(
            titles: ["0045": "Multi-User Chat", "0060": "Publish-Subscribe"]
        )
        let plain = IssueChecker(taxonomy: .xmppNewsletter, imageFolder: "/nonexistent")
        let listed = IssueChecker(
            settings: CheckSettings(specifications: specifications),
            taxonomy: .xmppNewsletter
        )
        for chapter in try Self.chapters() {
            let rule = try #require(IssueRule(rawValue: chapter.rule))
            #expect(chapter.examples.isEmpty == withoutExample.contains(rule), "\(chapter.rule)")
            // Examples with different names are read together, those with the same one after
            // another.
            let names = Set(chapter.examples.map(\.name))
            let files = try chapter.examples.map { try Self.file($0, of: chapter.rule) }
            let groups =
                names.count == files.count && files.count > 0 ? [files] : files.map { [$0] }
            for group in groups {
                let needsList = [.specificationUnknown, .specificationTitle].contains(rule)
                let checker = needsList ? listed : plain
                let findings = checker.check(group).findings.filter { $0.rule == rule }
                #expect(!findings.isEmpty, "\(chapter.rule)")
                #expect(findings.allSatisfy { $0.severity.rawValue == chapter.level })
            }
        }
    }
}
