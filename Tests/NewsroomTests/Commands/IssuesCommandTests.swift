import Commands
import Foundation
import Testing

@testable import Newsroom

@Suite struct IssuesCommandTests {
    private static let samples = Bureau.samples.appending(path: "issues")
        .path(percentEncoded: false)

    @Test("the list says of each language whether and when it was published")
    func marks() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        _ = try await bureau.insist("publish 2026-04 en de")
        try await bureau.deliverAll()
        #expect(
            try await bureau.say("!issues", as: .editor)
                == .done(
                    """
                    The Verona Dispatch, 3 issues, newest first:
                    - 2026-05-05-dispatch: en not published
                    - 2026-04-05-dispatch: de published 2026-11-16, en published 2026-11-16, \
                    fr not published
                    - 2026-03-05-dispatch: en not published
                    """
                )
        )
    }

    @Test("what was withdrawn is not published")
    func retracted() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
        _ = try await bureau.say("publish 2026-04")
        try await bureau.deliverAll()
        try await bureau.store.write { transaction in
            try transaction.setPublicationState(
                .retracted,
                newsletter: "dispatch",
                issue: "2026-04-05-x",
                language: "en",
                at: Bureau.published
            )
        }
        #expect(
            try await bureau.say("issues").text
                == "The Verona Dispatch, 1 issue, newest first:\n- 2026-04-05-x: en not published"
        )
    }

    @Test("how far an issue is stands behind it, where its languages do not tell")
    func states() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
        func line(in language: String = "en") async throws -> Substring? {
            try await bureau.say("issues", in: language).text.split(separator: "\n").last
        }
        _ = try await bureau.say("check 2026-04")
        #expect(try await line() == "- 2026-04-05-x: en not published – checked")
        _ = try await bureau.say("schedule 2026-04 2026-11-16 10:00")
        #expect(
            try await line(in: "it")
                == "- 2026-04-05-x: en non pubblicato – programmato, 2026-11-16 10:00 (UTC)"
        )
        _ = try await bureau.say("publish 2026-04 now")
        #expect(try await line() == "- 2026-04-05-x: en published 2026-11-16 – publishing")
        try await bureau.deliverAll()
        #expect(try await line() == "- 2026-04-05-x: en published 2026-11-16")
        _ = try await bureau.insist("retract 2026-04")
        #expect(try await line() == "- 2026-04-05-x: en not published – retracted")
    }

    @Test("ten are listed, and `all` lists the rest")
    func all() async throws {
        let folder = try IssueFolder()
        let names = (1...12).map { "2026-04-\($0 < 10 ? "0" : "")\($0)-x" }
        let files = Dictionary(uniqueKeysWithValues: names.map { ("\($0).md", smallIssue()) })
        let bureau = try await Bureau(files: files, in: folder)
        let short = try await bureau.say("issues").text.split(separator: "\n")
        #expect(short.count == 12)
        #expect(short.first == "The Verona Dispatch, 12 issues, newest first:")
        #expect(short[1] == "- 2026-04-12-x: en not published")
        #expect(short[10] == "- 2026-04-03-x: en not published")
        #expect(short.last == "… and 2 older: issues all")
        let long = try await bureau.say("issues ALL").text.split(separator: "\n")
        #expect(long.count == 13)
        #expect(long.last == "- 2026-04-01-x: en not published")
    }

    @Test("a second file for the same language is shown as not used")
    func surplus() async throws {
        let folder = try IssueFolder()
        let files = [
            "2026-04-05-x.md": smallIssue(), "2026-04-05-x.en.md": smallIssue("Other words"),
        ]
        let bureau = try await Bureau(files: files, in: folder)
        #expect(
            try await bureau.say("issues").text
                .hasSuffix("- 2026-04-05-x: en not published, 2026-04-05-x.en.md is not used")
        )
    }

    @Test("an empty folder is no error, one that is gone is")
    func empty() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(["dispatch": folder.path])
        #expect(
            try await bureau.say("issues")
                == .done("The Verona Dispatch: there are no issue files in \(folder.path) yet.")
        )
        #expect(try await bureau.say("publish latest").text.contains("There are no issues yet."))
        let nowhere = try await Bureau(["dispatch": "/nowhere/in/verona"])
        let outcome = try await nowhere.say("issues")
        #expect(outcome == .failed(outcome.text))
        #expect(outcome.text.contains("Check 'issues' in the configuration"))
    }

    @Test("where there are several newsletters, each has its list")
    func several() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(["dispatch": Self.samples, "gazette": folder.path])
        let both = try await bureau.say("issues").text
        #expect(both.contains("\n\nThe Verona Gazette: there are no issue files"))
        let one = try await bureau.say("issues", newsletter: "dispatch").text
        #expect(!one.contains("Gazette"))
    }
}
