public import Foundation
internal import GRDB

/// Somebody's word that a file may go out as it is (table `approval`).
public struct ApprovalRecord: Hashable, Sendable {
    public var key: IssueKey
    public var language: String
    /// By what the person is known again.
    public var identity: String
    /// What to call the person.
    public var name: String
    /// What the file was.
    public var contentHash: String

    public init(
        key: IssueKey,
        language: String,
        identity: String,
        name: String,
        contentHash: String
    ) {
        self.key = key
        self.language = language
        self.identity = identity
        self.name = name
        self.contentHash = contentHash
    }
}

extension Transaction {
    /// All approvals of an issue, in the order in which they were given.
    public func approvals(of key: IssueKey) throws -> [ApprovalRecord] {
        try rows(
            "SELECT * FROM approval WHERE newsletter = ? AND issue = ? ORDER BY at, name, language",
            [key.newsletter, key.issue],
            ApprovalRecord.init
        )
    }

    /// The issues that somebody has approved.
    public func approvedIssues() throws -> [IssueKey] {
        try rows("SELECT DISTINCT newsletter, issue FROM approval ORDER BY newsletter, issue") {
            IssueKey(newsletter: $0.text("newsletter"), issue: $0.text("issue"))
        }
    }

    /// Notes the approval in place of that person's earlier one.
    public func recordApproval(_ record: ApprovalRecord, at date: Date) throws {
        try run(
            """
            INSERT OR REPLACE INTO approval
                (newsletter, issue, language, identity, name, contentHash, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.key.newsletter, record.key.issue, record.language, record.identity,
                record.name, record.contentHash, date.timeIntervalSince1970,
            ]
        )
    }

    public func removeApproval(_ record: ApprovalRecord) throws {
        try run(
            """
            DELETE FROM approval
            WHERE newsletter = ? AND issue = ? AND language = ? AND identity = ?
            """,
            [record.key.newsletter, record.key.issue, record.language, record.identity]
        )
    }
}

extension ApprovalRecord {
    init(_ row: Row) throws {
        self.init(
            key: IssueKey(newsletter: row.text("newsletter"), issue: row.text("issue")),
            language: row.text("language"),
            identity: row.text("identity"),
            name: row.text("name"),
            contentHash: row.text("contentHash")
        )
    }
}
