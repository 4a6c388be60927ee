import Commands
import Foundation
import Issues
import Testing

@testable import Newsroom

/// `draft`: the next issue's file, as editors ask for it.
@Suite struct DraftCommandTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    private func file(_ name: String) throws -> String {
        try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
    }

    @Test(
        "a draft that died before its file was there, or whose file was taken away, has its news again"
    )
    func withoutFile() async throws {
        let files = ["2026-04-05-dispatch.md": smallIssue()]
        let bureau = try await Bureau(files: files, in: folder)
        _ = try await bureau.say("!news https://ladder.example/2 Ladder 2 is out")
        try await bureau.store.write { try $0.assignNews([1], to: "2026-05-05-dispatch") }
        let name = "2026-05-05-dispatch.md"
        for _ in 1...2 {
            #expect(
                try await bureau.say("!draft")
                    == .done("\(name) is written, with 1 item that was collected.")
            )
            #expect(try file(name).contains("https://ladder.example/2"))
            try FileManager.default.removeItem(at: folder.url.appending(path: name))
        }
        _ = try await bureau.say("!draft 2026-05-06")
        #expect(try !file("2026-05-06-dispatch.md").contains("https://ladder.example/2"))
    }

    @Test("what was collected stands in a new file a month after the last, its people are named")
    func draft() async throws {
        let last = smallIssue(
            body: "## XMPP Clients and Applications\n\n- Old\n\n## Contributors\n\n- Us: *Paris*"
        )
        let bureau = try await Bureau(files: ["2026-04-05-dispatch.md": last], in: folder)
        _ = try await bureau.say("!news clients https://ladder.example/2 Ladder 2 is out")
        _ = try await bureau.say("!news clients https://gate.example Gate (by Rosaline)")
        #expect(
            try await bureau.say("!draft", as: .editor)
                == .done("2026-05-05-dispatch.md is written, with 2 items that were collected.")
        )
        #expect(
            try file("2026-05-05-dispatch.md") == """
                ---
                title: "The Verona Dispatch 2026-05"
                date: 2026-05-05
                ---

                ## XMPP Clients and Applications

                - [Ladder 2 is out](https://ladder.example/2)
                - [Gate](https://gate.example)

                ## Contributors

                - Us: *Benvolio, Rosaline*

                """
        )
        #expect(try await bureau.say("!issues").text.contains("- 2026-05-05-dispatch: en"))
        #expect(try await bureau.say("!news list").text.hasSuffix("nothing is collected yet."))
        #expect(
            try await bureau.say("!news edit 1 Ladder 3")
                == .refused("#1 is in the draft of 2026-05-05-dispatch already. Change it there.")
        )
        let again = try await bureau.say("!news https://gate.example")
        #expect(again.text.hasSuffix(" and in 2026-05-05-dispatch."))
        #expect(
            try await bureau.say("!news drop 2") == .done("Dropped #2: Gate https://gate.example")
        )
    }

    @Test("a file that is there stays as it is, whoever wrote it, and the news still wait")
    func neverOver() async throws {
        let last = smallIssue()
        let bureau = try await Bureau(files: ["2026-04-05-dispatch.md": last], in: folder)
        _ = try await bureau.say("!news https://gate.example Gate")
        #expect(
            try await bureau.say("!draft 2026-04-05").text
                == "There is no draft. There is an issue 2026-04-05-dispatch already. Name another "
                + "day."
        )
        #expect(try file("2026-04-05-dispatch.md") == last)
        #expect(try await bureau.say("!news list").text.contains("1 item:"))
        // Even if the file comes at the last moment.
        let directory = IssueDirectory(path: folder.path, defaultLanguage: "en")
        let name = try #require(IssueFileName("2026-04-05-dispatch.md"))
        #expect(throws: NewIssueFileError.exists("2026-04-05-dispatch.md")) {
            try directory.create(name, "new")
        }
        #expect(try file("2026-04-05-dispatch.md") == last)
        let all = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(all == ["2026-04-05-dispatch.md"], "nothing is left lying about")
    }

    @Test("two drafts at once give one file, and the other is told")
    func twoAtOnce() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        let outcomes = try await withThrowingTaskGroup(of: CommandOutcome.self) { group in
            for _ in 0..<4 { group.addTask { try await bureau.say("!draft 2026-06-05") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .done = $0 { true } else { false } } == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }

    @Test("a directory that can't be written to is said, and the news still wait")
    func unwritable() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        _ = try await bureau.say("!news https://gate.example Gate")
        try FileManager.default.removeItem(at: folder.url)
        let answer = try await bureau.say("!draft 2026-06-05")
        guard case .failed = answer else {
            Testing.Issue.record("\(answer)")
            return
        }
        #expect(try await bureau.say("!news list").text.contains("1 item:"))
    }

    @Test("the states are filled in from the last two lists, or it is said why not")
    func specifications() async throws {
        let last = smallIssue(body: "## Extensions and specifications\n\n### New\n\n- Old")
        let lists = try IssueFolder()
        let entry = "<xep><number>1</number><title>Feuds</title></xep>"
        try lists.write("<xep-infos>\(entry)</xep-infos>", to: "2026-03-01.xml")
        try folder.write(last, to: "2026-04-05-dispatch.md")
        let bureau = try await Bureau(["dispatch": folder.path], lists: lists.path)
        let alone = try await bureau.say("!draft 2026-05-04").text
        #expect(alone.contains("Nothing is said of specifications. Two copies"))
        #expect(try file("2026-05-04-dispatch.md").contains("- No new XEPs this month."))
        let more = entry + entry.replacing("1", with: "2")
        try lists.write("<xep-infos>\(more)</xep-infos>", to: "2026-04-01.xml")
        let both = try await bureau.say("!draft 2026-06-04").text
        #expect(both.hasSuffix("those from 2026-03-01.xml to 2026-04-01.xml."))
        #expect(try file("2026-06-04-dispatch.md").contains("[XEP-0002]"))
    }

    @Test(
        "the next issue is due a month after the last one, and after today",
        arguments: [
            ("2026-04-05", "2026-04-20", "2026-05-05"), ("2026-12-31", "2026-12-31", "2027-01-31"),
            ("2026-01-31", "2026-02-01", "2026-02-28"), ("2025-03-05", "2026-04-20", "2026-05-05"),
        ]
    )
    func dates(last: String, today: String, next: String) throws {
        let date = try #require(IssueDate(last))
        #expect(date.monthLater(after: try #require(IssueDate(today))) == IssueDate(next))
    }

    @Test("a word that is no day is refused")
    func noDay() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        let answer = try await bureau.say("!draft 2026-13-05")
        #expect(answer.text.contains("“2026-13-05” is no day of the calendar."))
        let outside = try await bureau.say("!draft ../../2026-05-05")
        #expect(outside.text.contains("is no day of the calendar."))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
