public import Foundation
internal import GRDB

/// An issue in all its languages.
public struct IssueKey: Hashable, Sendable {
    public var newsletter: String
    public var issue: String

    public init(newsletter: String, issue: String) {
        self.newsletter = newsletter
        self.issue = issue
    }
}

/// When an issue is to go out, and who wants it.
public struct PublicationSchedule: Hashable, Sendable {
    public var dueAt: Date
    /// In which it was said, as the tz database names it.
    public var zone: String
    /// In lower case; nil for all that can be published then.
    public var languages: [String]?
    public var person: String
    /// Where it was said, in words.
    public var place: String
    /// By what the person is known again; nil where that is by nothing.
    public var identity: String?

    public init(
        dueAt: Date,
        zone: String,
        languages: [String]?,
        person: String,
        place: String,
        identity: String? = nil
    ) {
        // What a database column holds, so that the schedule compares equal when it is read back.
        self.dueAt = Date(timeIntervalSince1970: dueAt.timeIntervalSince1970.rounded())
        self.zone = zone
        self.languages = languages
        self.person = person
        self.place = place
        self.identity = identity
    }
}

/// How far an issue has come (table `workflow`).
public struct WorkflowRecord: Hashable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        case draft, checked, approved, scheduled, publishing, published, corrected, retracted
        case inReview = "in review"
    }

    public var key: IssueKey
    public var state: State
    /// With `scheduled` only, as is `resumes`.
    public var schedule: PublicationSchedule?
    /// The state it has again when the schedule is taken off.
    public var resumes: State?
    /// What the files were when the state was reached, if that depends on them.
    public var files: String?

    public init(
        key: IssueKey,
        state: State,
        schedule: PublicationSchedule? = nil,
        resumes: State? = nil,
        files: String? = nil
    ) {
        self.key = key
        self.state = state
        self.schedule = schedule
        self.resumes = resumes
        self.files = files
    }
}

/// One change of an issue's state (table `workflowStep`).
public struct WorkflowStep: Hashable, Sendable {
    public var key: IssueKey
    public var date: Date
    public var person: String
    /// Where it was said, in words; empty for what nobody said.
    public var place: String
    public var before: WorkflowRecord.State
    public var after: WorkflowRecord.State
    public var note: String?

    public init(
        key: IssueKey,
        date: Date,
        person: String,
        place: String,
        before: WorkflowRecord.State,
        after: WorkflowRecord.State,
        note: String? = nil
    ) {
        self.key = key
        self.date = date
        self.person = person
        self.place = place
        self.before = before
        self.after = after
        self.note = note
    }
}

extension Transaction {
    public func workflow(of key: IssueKey) throws -> WorkflowRecord? {
        try row(
            "SELECT * FROM workflow WHERE newsletter = ? AND issue = ?",
            [key.newsletter, key.issue],
            WorkflowRecord.init
        )
    }

    /// All issues in a state; those that wait for their time, the earliest first.
    public func workflows(in state: WorkflowRecord.State) throws -> [WorkflowRecord] {
        try rows(
            "SELECT * FROM workflow WHERE state = ? ORDER BY dueAt, newsletter, issue",
            [state.rawValue],
            WorkflowRecord.init
        )
    }

    public func setWorkflow(_ record: WorkflowRecord) throws {
        let schedule = record.schedule
        try run(
            """
            INSERT INTO workflow (newsletter, issue, state, resumes, files, dueAt, zone, languages,
                person, place, identity)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET state = excluded.state, resumes = excluded.resumes,
                files = excluded.files, dueAt = excluded.dueAt, zone = excluded.zone,
                languages = excluded.languages, person = excluded.person, place = excluded.place,
                identity = excluded.identity
            """,
            [
                record.key.newsletter, record.key.issue, record.state.rawValue,
                record.resumes?.rawValue, record.files, schedule?.dueAt.timeIntervalSince1970,
                schedule?.zone, schedule?.languages?.joined(separator: " "), schedule?.person,
                schedule?.place, schedule?.identity,
            ]
        )
    }

    public func recordStep(_ step: WorkflowStep) throws {
        try run(
            """
            INSERT INTO workflowStep (newsletter, issue, at, person, place, before, after, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                step.key.newsletter, step.key.issue, step.date.timeIntervalSince1970, step.person,
                step.place, step.before.rawValue, step.after.rawValue, step.note,
            ]
        )
    }

    /// Forgets the steps of an issue that bear that note.
    public func removeSteps(noted note: String, of key: IssueKey) throws {
        try run(
            "DELETE FROM workflowStep WHERE newsletter = ? AND issue = ? AND note = ?",
            [key.newsletter, key.issue, note]
        )
    }

    /// All that happened to an issue's state, oldest first.
    public func workflowSteps(of key: IssueKey) throws -> [WorkflowStep] {
        try rows(
            "SELECT * FROM workflowStep WHERE newsletter = ? AND issue = ? ORDER BY id",
            [key.newsletter, key.issue],
            WorkflowStep.init
        )
    }
}

extension WorkflowRecord {
    init(_ row: Row) throws {
        let schedule = row.optionalDate("dueAt").map { dueAt in
            PublicationSchedule(
                dueAt: dueAt,
                zone: row.text("zone"),
                languages: row.optionalText("languages").map { text in
                    text.split(separator: " ").map(String.init)
                },
                person: row.text("person"),
                place: row.text("place"),
                identity: row.optionalText("identity")
            )
        }
        self.init(
            key: IssueKey(newsletter: row.text("newsletter"), issue: row.text("issue")),
            state: try row.word("state", of: "workflow"),
            schedule: schedule,
            resumes: try row.optionalText("resumes").map { _ in
                try row.word("resumes", of: "workflow")
            },
            files: row.optionalText("files")
        )
    }
}

extension WorkflowStep {
    init(_ row: Row) throws {
        self.init(
            key: IssueKey(newsletter: row.text("newsletter"), issue: row.text("issue")),
            date: row.date("at"),
            person: row.text("person"),
            place: row.text("place"),
            before: try row.word("before", of: "workflowStep"),
            after: try row.word("after", of: "workflowStep"),
            note: row.optionalText("note")
        )
    }
}
