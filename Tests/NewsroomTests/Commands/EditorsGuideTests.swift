import Commands
import Foundation
import Testing
import XMPP

@testable import Newsroom

/// `docs/editors.md`, held against what the commands understand.
@Suite("The editors' guide")
struct EditorsGuideTests {
    private static let guide = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/editors.md")

    /// What stands in the guide as a command with its arguments, and all that its tables list.
    private static func examples() throws -> [String] {
        let text = try String(contentsOf: guide, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `!") }.joined()
        let quoted = { (text: Substring) in
            text.matches(of: /`!([^`]+)`/).map {
                $0.output.1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
        let all = quoted(rows[...]) + quoted(text[...]).filter { $0.contains(" ") }
        return Set(all).sorted()
    }

    @Test("every command in it is understood, and does what it can")
    func examples() async throws {
        let examples = try Self.examples()
        #expect(examples.count > 25)
        for example in examples {
            let folder = try IssueFolder()
            let files = [
                "2026-10-05-x.md": smallIssue(), "2026-10-05-x.de.md": smallIssue("Häuser"),
            ]
            let bureau = try await Bureau(files: files, in: folder, today: "2026-10-20")
            let room = try JID("comm-team@rooms.verona.example")
            let reading = bureau.registry.parse(
                example,
                by: Invoker(role: .publisher, jid: nil, displayName: "Benvolio"),
                on: .room(room)
            )
            guard case .invocation = reading else {
                Issue.record("!\(example): \(reading)")
                continue
            }
            let outcome = try await bureau.say(example, by: "Benvolio")
            #expect(!outcome.text.isEmpty)
            if case .failed(let text) = outcome { Issue.record("!\(example): \(text)") }
        }
    }
}
