import Commands
import Foundation
import Storage
import Testing
import XMPP

@testable import Newsroom

@Suite("A restart in any state")
struct RestartTests {
    private typealias State = WorkflowRecord.State
    private let folder: IssueFolder
    private let key = IssueKey(newsletter: "dispatch", issue: "2026-04-05-x")

    init() throws {
        folder = try IssueFolder()
        try folder.write(smallIssue(), to: "2026-04-05-x.md")
    }

    /// A service that was just started, on the database of the one before.
    private func start(on store: Store? = nil) async throws -> Bureau {
        try await Bureau(
            ["dispatch": folder.path],
            store: store,
            approvals: ApprovalRules(count: 2)
        )
    }

    private func state(_ bureau: Bureau) async throws -> State {
        try await bureau.book.settle()
        return try await bureau.book.story(of: key).0.state
    }

    @Test("the issue is where it was, and goes on from there, through its whole life")
    func life() async throws {
        let steps: [(State, (Bureau) async throws -> Void)] = [
            (.checked, { _ = try await $0.say("check 2026-04") }),
            (.inReview, { _ = try await $0.say("approve 2026-04", by: "Mercutio") }),
            (.approved, { _ = try await $0.say("approve 2026-04", by: "Juliet") }),
            (.scheduled, { _ = try await $0.say("schedule 2026-04 2026-12-01 09:00") }),
            (.publishing, { _ = try await $0.say("publish 2026-04 now") }),
            (.published, { try await $0.deliverAll() }),
            (
                .corrected,
                { bureau in
                    try folder.write(smallIssue(body: "Not alike."), to: "2026-04-05-x.md")
                    _ = try await bureau.say("correct 2026-04")
                }
            ),
            (
                .retracted,
                { bureau in
                    try await bureau.deliverAll()
                    _ = try await bureau.insist("retract 2026-04")
                }
            ),
            (
                .publishing,
                { bureau in
                    try await bureau.deliverAll()
                    for name in ["Mercutio", "Juliet"] {
                        _ = try await bureau.say("approve 2026-04", by: name)
                    }
                    _ = try await bureau.say("publish 2026-04")
                }
            ),
        ]
        var bureau = try await start()
        #expect(try await state(bureau) == .draft)
        var seen: Set<State> = [.draft]
        for (expected, step) in steps {
            let before = try await state(bureau)
            bureau = try await start(on: bureau.store)
            #expect(try await state(bureau) == before)
            try await step(bureau)
            #expect(try await state(bureau) == expected)
            seen.insert(expected)
        }
        #expect(seen == Set(State.allCases))
        bureau = try await start(on: bureau.store)
        let status = try await bureau.say("status 2026-04").text
        #expect(status.contains("draft → checked") && status.contains("retracted → publishing"))
    }
}
