import Foundation
import Storage
import Testing

@testable import Newsroom

@Suite("How far an issue is")
struct IssueWorkflowTests {
    private static let early = schedule(at: 1_794_900_000)
    private static let late = schedule(at: 1_794_990_000)

    private static func schedule(at second: Double) -> PublicationSchedule {
        PublicationSchedule(
            dueAt: Date(timeIntervalSince1970: second),
            zone: "Europe/Berlin",
            languages: nil,
            person: "Benvolio",
            place: "in a chat"
        )
    }

    private static let resting = WorkflowRecord.State.allCases.filter { $0 != .scheduled }

    @Test("it goes from draft to readers, back and forth, by what happens to it")
    func wholeLife() throws {
        var issue = IssueWorkflow()
        #expect(issue.state == .draft)
        issue.checked(isClean: false, files: "a")
        #expect(issue.state == .draft)
        issue.checked(isClean: true, files: "a")
        #expect(issue.state == .checked)
        issue.reviewed(.some, files: "a")
        #expect(issue.state == .inReview)
        issue.reviewed(.enough, files: "a")
        #expect(issue.state == .approved)
        try issue.schedule(Self.early)
        #expect(issue.state == .scheduled)
        try issue.begin(Self.early)
        #expect(issue.state == .publishing)
        issue.delivered()
        #expect(issue.state == .published)
        issue.correct()
        #expect(issue.state == .corrected)
        issue.retract(isWhole: false)
        #expect(issue.state == .corrected)
        issue.retract(isWhole: true)
        #expect(issue.state == .retracted)
        try issue.publish(atOnce: false)
        #expect(issue.state == .publishing)
    }

    @Test(
        "a changed file makes a draft of what is not published",
        arguments: [WorkflowRecord.State.checked, .inReview, .approved]
    )
    func changedFile(state: WorkflowRecord.State) {
        let key = IssueKey(newsletter: "dispatch", issue: "x")
        var issue = IssueWorkflow(WorkflowRecord(key: key, state: state, files: "a"))
        issue.found(files: "a")
        #expect(issue.state == state)
        issue.found(files: "b")
        #expect(issue.state == .draft)
    }

    @Test(
        "a changed file leaves what is out as it is",
        arguments: [WorkflowRecord.State.publishing, .published, .corrected, .retracted]
    )
    func changedAfterwards(state: WorkflowRecord.State) {
        let key = IssueKey(newsletter: "dispatch", issue: "x")
        var issue = IssueWorkflow(WorkflowRecord(key: key, state: state, files: "a"))
        issue.found(files: "b")
        issue.checked(isClean: false, files: "c")
        issue.reviewed(.enough, files: "c")
        #expect(issue.state == state)
    }

    @Test("a schedule comes off with the state that was before it", arguments: resting)
    func unscheduled(state: WorkflowRecord.State) throws {
        var issue = IssueWorkflow(state)
        try issue.schedule(Self.early)
        #expect(try issue.unschedule() == Self.early)
        #expect(issue.state == state)
        #expect(throws: WorkflowRefusal.notScheduled) { try issue.unschedule() }
    }

    @Test("what happens to a scheduled issue shows when its schedule comes off")
    func meanwhile() throws {
        var issue = IssueWorkflow(.publishing)
        try issue.schedule(Self.early)
        issue.delivered()
        #expect(issue.state == .scheduled)
        _ = try issue.unschedule()
        #expect(issue.state == .published)

        var draft = IssueWorkflow()
        draft.checked(isClean: true, files: "a")
        try draft.schedule(Self.early)
        draft.found(files: "b")
        _ = try draft.unschedule()
        #expect(draft.state == .draft)
    }

    @Test("of two schedules the first one stays, and the second hears of it")
    func twoSchedules() throws {
        var issue = IssueWorkflow(.checked)
        try issue.schedule(Self.early)
        #expect(throws: WorkflowRefusal.scheduledAlready(Self.early)) {
            try issue.schedule(Self.late)
        }
        #expect(issue.schedule == Self.early)
    }

    @Test("a schedule is kept once, and not after somebody changed it")
    func once() throws {
        var issue = IssueWorkflow(.checked)
        try issue.schedule(Self.early)
        #expect(throws: WorkflowRefusal.superseded) { try issue.begin(Self.late) }
        try issue.begin(Self.early)
        #expect(throws: WorkflowRefusal.superseded) { try issue.begin(Self.early) }
        #expect(issue.state == .publishing)
    }

    @Test("a scheduled issue is published sooner only by who says so")
    func sooner() throws {
        var issue = IssueWorkflow(.checked)
        try issue.schedule(Self.early)
        #expect(throws: WorkflowRefusal.waits(Self.early)) { try issue.publish(atOnce: false) }
        try issue.publish(atOnce: true)
        #expect(issue.state == .publishing && issue.schedule == nil)
    }

    @Test("every state is the same after it was stored", arguments: resting)
    func stored(state: WorkflowRecord.State) throws {
        let key = IssueKey(newsletter: "dispatch", issue: "x")
        var issue = IssueWorkflow(state)
        #expect(IssueWorkflow(issue.record(of: key)) == issue)
        try issue.schedule(Self.early)
        issue.found(files: "a")
        #expect(IssueWorkflow(issue.record(of: key)) == issue)
    }
}
