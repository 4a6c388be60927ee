import Foundation
import Testing

@testable import WebArchive

@Suite("docs/site.md")
struct TemplateReferenceTests {
    private func documented() throws -> (variables: Set<String>, all: Set<String>) {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/site.md")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .drop { !$0.hasPrefix("| variable") }
            .filter { $0.hasPrefix("| `") }
        let variables = rows.compactMap { row in
            row.firstMatch(of: /^\| `([\w.]+)`/).map { String($0.output.1) }
        }
        let all = rows.flatMap { row in
            row.matches(of: /`([\w.]+)`/).map { String($0.output.1) }
        }
        return (Set(variables), Set(all))
    }

    @Test("names every variable the templates use, and none that no template does")
    func variables() throws {
        let templates = BuiltIn.files.filter { $0.key.hasSuffix(".mustache") }.values.joined()
        let used = Set(
            templates.matches(of: /\{\{\{?[#^]?([\w.]+)\}/).map { String($0.output.1) }
                .filter { !$0.hasPrefix("words.") }
        )
        let (variables, all) = try documented()
        #expect(used.subtracting(all) == [])
        #expect(variables.subtracting(used) == [])
    }
}
