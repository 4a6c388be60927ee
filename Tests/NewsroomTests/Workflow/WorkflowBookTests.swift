import Commands
import Foundation
import Testing
import XMPP

@testable import Newsroom
@testable import Storage

@Suite("The states of issues, as they are kept")
struct WorkflowBookTests {
    private let folder: IssueFolder
    private let bureau: Bureau
    private let key = IssueKey(newsletter: "dispatch", issue: "2026-04-05-x")

    init() async throws {
        folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        bureau = try await Bureau(files: files, in: folder)
    }

    @Test("commands move an issue on, and `status` tells how it came there")
    func life() async throws {
        #expect(
            try await bureau.say("status 2026-04").text
                == "2026-04-05-x: draft.\nNothing has happened to it here."
        )
        _ = try await bureau.say("check 2026-04", as: .editor)
        _ = try await bureau.say("publish 2026-04 en", on: .shell)
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-de", as: .chat)
        _ = try await bureau.say("publish 2026-04")
        #expect(
            try await bureau.say("status 2026-04").text == """
                2026-04-05-x "Two households": publishing.
                Waiting: 0 of 1 reader of dispatch-de have it.
                Waiting: 0 of 0 readers of dispatch-en have it.
                Waiting: 0 of 0 readers of dispatch-fr have it.
                What happened, times in UTC:
                - 2026-11-16 08:30 draft → checked, by Benvolio in comm-team@rooms.verona.example
                - 2026-11-16 08:30 checked → publishing, by Benvolio in the shell (en)
                """
        )
        try await bureau.deliverAll()
        try folder.write(smallIssue(body: "Not alike."), to: "2026-04-05-x.md")
        _ = try await bureau.say("status 2026-04")
        _ = try await bureau.say("correct 2026-04 Not alike at all.")
        try await bureau.deliverAll()
        _ = try await bureau.say("!retract 2026-04")
        _ = try await bureau.say("!yes")
        let lines = try await bureau.say("status 2026-04").text.split(separator: "\n")
        #expect(lines.first == "2026-04-05-x \"Two households\": retracted.")
        #expect(
            lines.suffix(3).map { $0.dropFirst("- 2026-11-16 08:30 ".count) } == [
                "publishing → published, by Broadsheet",
                "published → corrected, by Benvolio in comm-team@rooms.verona.example "
                    + "(Not alike at all.)",
                "corrected → retracted, by Benvolio in comm-team@rooms.verona.example",
            ]
        )
    }

    @Test("a check with errors, or of some languages only, does not make an issue checked")
    func checks() async throws {
        _ = try await bureau.say("check 2026-04 de")
        #expect(try await state() == .draft)
        try folder.write("---\ndate: 2026-04-05\n---\nNo title.\n", to: "2026-04-05-x.de.md")
        _ = try await bureau.say("check 2026-04")
        #expect(try await state() == .draft)
        try folder.write(smallIssue("Häuser"), to: "2026-04-05-x.de.md")
        _ = try await bureau.say("check 2026-04")
        #expect(try await state() == .checked)
        try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.fr.md")
        #expect(try await bureau.say("status 2026-04").text.contains("checked → draft"))
        _ = try await bureau.say("check 2026-04")
        try folder.write(smallIssue("Häuschen"), to: "2026-04-05-x.de.md")
        #expect(try await bureau.say("status 2026-04").text.contains("(a file has changed)"))
        #expect(try await state() == .draft)
    }

    @Test("what was published before states were kept is as far as the ledger says")
    func older() async throws {
        for (command, state) in [
            ("publish 2026-04", WorkflowRecord.State.published), ("correct 2026-04", .corrected),
            ("retract 2026-04", .retracted),
        ] {
            if command.hasPrefix("correct") {
                try folder.write(smallIssue(body: "Not alike."), to: "2026-04-05-x.md")
                bureau.clock.advance(days: 1)
            }
            _ = try await bureau.say(command)
            _ = try await bureau.say("yes")
            try await bureau.deliverAll()
            try await bureau.store.write { try $0.run("DELETE FROM workflow") }
            #expect(try await self.state() == state, "\(command)")
        }
    }

    @Test("of two who publish at once one publishes, and there is one step of it")
    func twoAtOnce() async throws {
        let bureau = bureau
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for face in [Face.shell, .shell, .shell, .shell] {
                group.addTask { try await bureau.say("publish 2026-04", on: face).text }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.count { $0.hasPrefix("Publishing") } == 1)
        #expect(answers.count { $0.contains("published already on") } == 3)
        #expect(try await bureau.book.story(of: key).steps.count == 1)
        #expect(try await bureau.waiting().count == 3)
    }

    @Test("`status` says what failed, by reason, and how fast the rest goes")
    func progress() throws {
        let progress = DeliveryProgress(
            node: try #require(NodeID(rawValue: "dispatch-en")),
            state: .running,
            sent: 400,
            total: 1000,
            rate: 2.5,
            failures: [
                FailureCount(condition: .remoteServerNotFound, readers: 3),
                FailureCount(condition: .gone, readers: 1),
            ],
            retries: 2
        )
        #expect(
            progress.line(in: NewsroomTexts.english)
                == "On its way: 400 of 1000 readers of dispatch-en have it, 2.5 a second, "
                + "4 minutes left, 4 failed (3 remote-server-not-found, 1 gone), "
                + "2 readers tried again later."
        )
    }

    private func state() async throws -> WorkflowRecord.State {
        try await bureau.book.story(of: key).workflow.state
    }
}
