public import Foundation
internal import GRDB

/// What happened to a publication, once (table `publicationVersion`): the ledger's history.
public struct PublicationVersion: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case published, corrected, retracted
    }

    public var newsletter: String
    public var issue: String
    public var language: String
    public var kind: Kind
    public var date: Date
    public var title: String
    public var contentHash: String
    /// The wording of that time, as readers of the full text have it.
    public var fullText: String
    /// Who did it, if that is known.
    public var person: String?
    /// What readers were told about it.
    public var note: String?

    /// A version that is as the ledger has the publication now.
    public init(
        _ kind: Kind,
        of record: PublicationRecord,
        at date: Date,
        by person: String? = nil,
        note: String? = nil
    ) {
        newsletter = record.newsletter
        issue = record.issue
        language = record.language
        self.kind = kind
        self.date = date
        title = record.title
        contentHash = record.contentHash
        fullText = record.texts.full
        self.person = person
        self.note = note
    }
}

extension Transaction {
    public func recordVersion(_ version: PublicationVersion) throws {
        try run(
            """
            INSERT INTO publicationVersion (newsletter, issue, language, kind, at, title,
                contentHash, fullText, person, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                version.newsletter, version.issue, version.language, version.kind.rawValue,
                version.date.timeIntervalSince1970, version.title, version.contentHash,
                version.fullText, version.person, version.note,
            ]
        )
    }

    /// All that happened to an issue in any language, oldest first.
    public func versions(newsletter: String, issue: String) throws -> [PublicationVersion] {
        try rows(
            "SELECT * FROM publicationVersion WHERE newsletter = ? AND issue = ? ORDER BY id",
            [newsletter, issue],
            PublicationVersion.init
        )
    }
}

extension PublicationVersion {
    init(_ row: Row) throws {
        newsletter = row.text("newsletter")
        issue = row.text("issue")
        language = row.text("language")
        kind = try row.word("kind", of: "publicationVersion")
        date = row.date("at")
        title = row.text("title")
        contentHash = row.text("contentHash")
        fullText = row.text("fullText")
        person = row.optionalText("person")
        note = row.optionalText("note")
    }
}
