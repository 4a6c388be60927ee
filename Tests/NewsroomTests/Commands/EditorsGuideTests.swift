import Foundation
import Testing
import XMPP

@testable import Commands
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

    private static let list =
        "<xep-infos><xep><number>1</number><title>Feuds</title></xep></xep-infos>"

    /// The lines that stand by themselves, as one would write them in the room, in their order.
    private static func lines() throws -> [String] {
        try String(contentsOf: guide, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("    !") || $0.hasPrefix("    Dispatch: ") }
            .map { String($0.dropFirst(4)) }
    }

    @Test("every line in it is heard in the room, and done")
    func lines() async throws {
        let lines = try Self.lines()
        #expect(lines.count > 10)
        let folder = try IssueFolder()
        try folder.write(smallIssue(), to: "2026-10-05-x.md")
        let lists = try IssueFolder()
        for name in ["2026-10-01.xml", "2026-11-01.xml"] {
            try lists.write(Self.list, to: name)
        }
        let bureau = try await Bureau(
            ["dispatch": folder.path],
            today: "2026-10-20",
            lists: lists.path
        )
        let room = try JID("comm-team@rooms.verona.example")
        let listening = RoomListening(nick: "Dispatch", room: room, isSent: { _ in false })
        for line in lines {
            // The first thing that is collected has the number 1, and not that of the example.
            let words = line.split(separator: " ").map { $0 == "12" ? "1" : $0 }
            let message = Message(
                .groupchat,
                from: try room.with(resourcepart: "Benvolio"),
                body: words.joined(separator: " ")
            )
            guard case .command(let command, _) = listening.hear(message) else {
                Issue.record("\(line) is not heard")
                continue
            }
            let outcome = try await bureau.say(command, by: "Benvolio")
            guard case .done = outcome else {
                Issue.record("\(line): \(outcome)")
                continue
            }
        }
    }

    @Test("every single word in it that looks like a command is one, or an answer")
    func words() async throws {
        let text = try String(contentsOf: Self.guide, encoding: .utf8)
        let words = text.matches(of: /`!([^`\s]+)`/).map { String($0.output.1) }
        #expect(words.count > 20)
        let bureau = try await Bureau([:])
        for word in Set(words) where bureau.registry.command(named: word) == nil {
            #expect(YesOrNo(word) != nil, "!\(word)")
        }
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
            let delivery = RunningDelivery(
                number: 1,
                item: "2026-10-05-x",
                node: try #require(NodeID(rawValue: "dispatch-en")),
                sent: 3,
                total: 9,
                isHeld: example.hasPrefix("resume")
            )
            let bureau = try await Bureau(
                files: files,
                in: folder,
                today: "2026-10-20",
                deliveries: SomeDeliveries([delivery])
            )
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
