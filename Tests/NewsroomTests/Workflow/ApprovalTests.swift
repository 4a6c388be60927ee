import Commands
import Foundation
import Testing
import XMPP

@testable import Newsroom
@testable import Storage

@Suite("Approvals")
struct ApprovalTests {
    private let folder: IssueFolder
    private let bureau: Bureau

    init() async throws {
        folder = try IssueFolder()
        bureau = try await Self.bureau(in: folder, ApprovalRules(count: 2))
    }

    private static func bureau(
        in folder: IssueFolder,
        _ rules: ApprovalRules
    ) async throws -> Bureau {
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        return try await Bureau(files: files, in: folder, approvals: rules)
    }

    private func notices(_ bureau: Bureau) async throws -> [String] {
        try await bureau.store.read { try $0.notices().map(\.text) }
    }

    private func keeper() -> ScheduleKeeper {
        ScheduleKeeper(
            newsdesk: bureau.newsdesk,
            publisher: bureau.publisher,
            book: bureau.book,
            grace: .seconds(300),
            wake: {},
            say: { _, _ in false },
            report: { Issue.record($0) }
        )
    }

    @Test("without enough approvals nothing goes out, and who has approved is said")
    func refused() async throws {
        #expect(
            try await bureau.say("publish 2026-04").text == """
                Nothing was published. 2 approvals needed:
                - en: nobody yet; 2 more are needed
                - de: nobody yet; 2 more are needed
                “approve ISSUE” gives one.
                """
        )
        #expect(
            try await bureau.say("approve 2026-04", by: "Mercutio").text == """
                Mercutio approves 2026-04-05-x:
                - en: Mercutio; 1 more is needed
                - de: Mercutio; 1 more is needed
                """
        )
        #expect(try await bureau.say("status 2026-04").text.hasPrefix("2026-04-05-x: in review."))
        let scheduled = try await bureau.say("schedule 2026-04 10:00").text
        #expect(scheduled.contains("- en: Mercutio; 1 more is needed"))
        #expect(try await bureau.book.scheduled().isEmpty)
        _ = try await bureau.say("approve 2026-04 en", by: "Juliet")
        let german = try await bureau.say("publish 2026-04").text
        #expect(german.contains("- de: Mercutio; 1 more") && !german.contains("- en"))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        #expect(try await bureau.say("publish 2026-04 en").text.hasPrefix("Publishing"))
        #expect(
            try await bureau.say("status 2026-04").text.contains(
                "in review → publishing, by Benvolio in comm-team@rooms.verona.example "
                    + "(en; approved by Juliet, Mercutio)"
            )
        )
    }

    @Test("one person approves once, from wherever, under whatever nick")
    func distinct() async throws {
        let jid = try JID("mercutio@verona.example")
        for name in ["Mercutio", "Juliet"] {
            _ = try await bureau.say("approve 2026-04", by: name, jid: jid)
        }
        #expect(try await bureau.say("publish 2026-04").text.contains("Juliet; 1 more is needed"))
        _ = try await bureau.say("approve 2026-04", by: "Mercutio", occupantID: "o1")
        _ = try await bureau.say("approve 2026-04", by: "Tybalt", occupantID: "o1")
        #expect(
            try await bureau.say("publish 2026-04").text.contains("1 more is needed"),
            "an address and an occupant may be one person"
        )
        _ = try await bureau.say("approve 2026-04", by: "Paris", occupantID: "o2")
        #expect(try await bureau.say("publish 2026-04").text.hasPrefix("Publishing"))
    }

    @Test("ids of two rooms may be one person's, and those kept without their room are nobody's")
    func rooms() throws {
        let key = IssueKey(newsletter: "dispatch", issue: "2026-04-05-x")
        func approvers(_ identities: [String]) -> [String] {
            let records = identities.map {
                ApprovalRecord(key: key, language: "en", identity: $0, name: $0, contentHash: "")
            }
            return ApprovalTally(rules: ApprovalRules(count: 2), approvals: records)
                .approvers(of: "en", publishing: nil)
        }
        let (here, there) = ("in:team@rooms.verona.lit", "in:board@rooms.verona.lit")
        #expect(approvers(["\(here)/a/b", "\(there)/c"]).count == 1)
        #expect(approvers(["\(here)/a/b", "\(here)/a/c"]).count == 2)
        #expect(approvers(["occupant:a/b", "occupant:a/c"]).isEmpty)
        #expect(approvers(["address:a@verona.lit", "address:b@verona.lit"]).count == 2)
    }

    @Test("who can't be known again can't approve, nor who is no editor")
    func unknown() async throws {
        for face in [Face.shell, .room(try JID("comm-team@rooms.verona.example"))] {
            let refusal = try await bureau.say("approve 2026-04", on: face).text
            #expect(refusal.hasPrefix("An approval needs a person who can be known again."))
            #expect(refusal.contains("This room tells neither") == (face != .shell))
        }
        let reader = try await bureau.say("approve 2026-04", as: .reader, by: "Tybalt")
        #expect(reader.text.contains("editors"))
        #expect(try await bureau.store.read { try $0.approvedIssues() }.isEmpty)
    }

    @Test("four eyes are two people, whoever publishes or schedules")
    func fourEyes() async throws {
        let folder = try IssueFolder()
        let bureau = try await Self.bureau(in: folder, ApprovalRules(fourEyes: true))
        _ = try await bureau.say("approve 2026-04", by: "Juliet")
        for command in ["publish 2026-04", "publish 2026-04 at 10:00"] {
            let own = try await bureau.say(command, by: "Juliet").text
            #expect(own.contains("1 approval needed, from others than who publishes"))
            #expect(own.contains("- en: nobody yet"))
        }
        let hidden = try await bureau.say("publish 2026-04", by: "X", occupantID: "o1").text
        #expect(hidden.contains("nobody yet"), "the occupant may be Juliet")
        #expect(try await bureau.say("publish 2026-04", by: "Romeo").text.hasPrefix("Publishing"))
    }

    @Test("an approval can be taken back, only by who gave it")
    func withdrawn() async throws {
        _ = try await bureau.say("approve 2026-04", by: "Mercutio")
        _ = try await bureau.say("approve 2026-04", by: "Juliet")
        #expect(try await bureau.say("status 2026-04").text.hasPrefix("2026-04-05-x: approved."))
        #expect(
            try await bureau.say("withdraw-approval 2026-04", by: "Romeo").text
                == "You have not approved 2026-04-05-x."
        )
        _ = try await bureau.say("schedule 2026-04 10:00", by: "Romeo")
        #expect(
            try await bureau.say("withdraw-approval 2026-04", by: "Juliet").text
                == "Juliet no longer approves 2026-04-05-x (de, en). It stays scheduled for "
                + "2026-11-16 10:00 (UTC), and goes out only if enough people approve it by then."
        )
        bureau.clock.advance(days: 91 / 1440)
        await keeper().round()
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        let told = try #require(try await notices(bureau).first)
        #expect(told.contains("and could not: 2 approvals needed:\n- en: Mercutio; 1 more"))
        #expect(try await bureau.say("status 2026-04").text.hasPrefix("2026-04-05-x: in review."))
    }

    @Test("a changed file loses its approvals, and the room hears whose they were")
    func changedFile() async throws {
        _ = try await bureau.say("approve 2026-04", by: "Mercutio")
        _ = try await bureau.say("approve 2026-04", by: "Juliet")
        await keeper().round()
        #expect(try await notices(bureau).isEmpty)
        try folder.write(smallIssue("Neue Häuser"), to: "2026-04-05-x.de.md")
        await keeper().round()
        await keeper().round()
        #expect(
            try await notices(bureau) == [
                "Approvals of 2026-04-05-x no longer count:\n"
                    + "- de: the file has changed; approved before by Juliet, Mercutio"
            ]
        )
        #expect(try await bureau.say("status 2026-04").text.hasPrefix("2026-04-05-x: in review."))
        let refused = try await bureau.say("publish 2026-04").text
        #expect(refused.contains("- de: nobody yet") && !refused.contains("- en"))
    }

    @Test("a file that changes right before it is published is not what was approved")
    func changedJustNow() async throws {
        _ = try await bureau.say("approve 2026-04", by: "Mercutio")
        _ = try await bureau.say("approve 2026-04", by: "Juliet")
        try folder.write(smallIssue(body: "Not alike."), to: "2026-04-05-x.md")
        let refused = try await bureau.say("publish 2026-04 en").text
        #expect(refused.contains("- en: nobody yet; 2 more are needed"))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
    }

    @Test("a language with errors can't be approved, the others can")
    func errors() async throws {
        try folder.write("---\ndate: 2026-04-05\n---\nNo title.\n", to: "2026-04-05-x.de.md")
        let all = try await bureau.say("approve 2026-04", by: "Mercutio").text
        #expect(all.contains("- en: Mercutio; 1 more") && all.contains("not approved – de: "))
        let german = try await bureau.say("approve 2026-04 de", by: "Mercutio").text
        #expect(german.hasPrefix("Nothing was approved.\nnot approved – de: "))
    }

    @Test("where none is needed an approval is noted, and nothing waits for it")
    func notNeeded() async throws {
        let folder = try IssueFolder()
        let bureau = try await Self.bureau(in: folder, ApprovalRules())
        let answer = try await bureau.say("approve 2026-04", by: "Juliet").text
        #expect(answer.hasSuffix("No approval is needed here; it is noted all the same."))
        #expect(try await bureau.say("status 2026-04").text.hasPrefix("2026-04-05-x: approved."))
        #expect(try await bureau.say("publish 2026-04").text.hasPrefix("Publishing"))
    }

    @Test("`check` in the room asks for them, and nowhere else")
    func asked() async throws {
        let asking = "It needs 2 approvals to go out: “approve 2026-04-05-x”, or 👍 this message."
        #expect(try await bureau.say("check 2026-04").text.hasSuffix(asking))
        #expect(try await !bureau.say("check 2026-04", on: .shell).text.contains("👍"))
        try folder.write("---\ndate: 2026-04-05\n---\nNo title.\n", to: "2026-04-05-x.de.md")
        #expect(try await !bureau.say("check 2026-04").text.contains("👍"))
    }
}
