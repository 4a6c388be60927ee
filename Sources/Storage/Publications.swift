public import Foundation
internal import GRDB
public import XMPP

/// The wordings of a publication for readers who get it as text.
public struct PublicationTexts: Hashable, Sendable {
    public var full: String
    public var short: String
    public var link: String
    /// The body of an event that has one: title, summary, link.
    public var lead: String

    public init(full: String, short: String, link: String, lead: String) {
        self.full = full
        self.short = short
        self.link = link
        self.lead = lead
    }
}

/// An issue in one language as it was published, or a section of it as an item of its own (tables
/// `publication` and `topicPublication`, the ledger).
public struct PublicationRecord: Hashable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        case published, retracted
    }

    public var newsletter: String
    public var issue: String
    public var language: String
    /// The section, as the taxonomy calls it; nil for the whole issue.
    public var section: String?
    /// The file it was made from: the ledger, not the name, says which issue that is.
    public var fileName: String
    public var node: NodeID
    public var item: ItemID
    public var atomID: String
    public var title: String
    public var contentHash: String
    public var state: State
    public var publishedAt: Date
    public var updatedAt: Date
    public var texts: PublicationTexts

    public init(
        newsletter: String,
        issue: String,
        language: String,
        section: String? = nil,
        fileName: String,
        node: NodeID,
        item: ItemID,
        atomID: String,
        title: String,
        contentHash: String,
        state: State = .published,
        publishedAt: Date,
        updatedAt: Date,
        texts: PublicationTexts
    ) {
        self.newsletter = newsletter
        self.issue = issue
        self.language = language
        self.section = section
        self.fileName = fileName
        self.node = node
        self.item = item
        self.atomID = atomID
        self.title = title
        self.contentHash = contentHash
        self.state = state
        self.publishedAt = publishedAt
        self.updatedAt = updatedAt
        self.texts = texts
    }
}

extension Transaction {
    /// What was published of the issue in that language, or of one section of it.
    public func publication(
        newsletter: String,
        issue: String,
        language: String,
        section: String? = nil
    ) throws -> PublicationRecord? {
        guard let section else {
            return try row(
                "SELECT * FROM publication WHERE newsletter = ? AND issue = ? AND language = ?",
                [newsletter, issue, language],
                PublicationRecord.init
            )
        }
        return try row(
            """
            SELECT * FROM topicPublication
            WHERE newsletter = ? AND issue = ? AND language = ? AND section = ?
            """,
            [newsletter, issue, language, section],
            PublicationRecord.init
        )
    }

    /// All sections of an issue in a language that were published as items of their own.
    public func topicPublications(
        newsletter: String,
        issue: String,
        language: String
    ) throws -> [PublicationRecord] {
        try rows(
            """
            SELECT * FROM topicPublication WHERE newsletter = ? AND issue = ? AND language = ?
            ORDER BY section
            """,
            [newsletter, issue, language],
            PublicationRecord.init
        )
    }

    /// What was published from the file; the last, should there be several.
    public func publication(
        newsletter: String,
        fileName: String
    ) throws -> PublicationRecord? {
        try row(
            """
            SELECT * FROM publication WHERE newsletter = ? AND fileName = ?
            ORDER BY publishedAt DESC LIMIT 1
            """,
            [newsletter, fileName],
            PublicationRecord.init
        )
    }

    /// What was published of a file that reads so, as another issue; the last, should there be
    /// several.
    public func published(
        _ contentHash: String,
        in newsletter: String,
        except issue: String
    ) throws -> PublicationRecord? {
        try row(
            """
            SELECT * FROM publication
            WHERE newsletter = ? AND contentHash = ? AND issue <> ? AND state = 'published'
            ORDER BY publishedAt DESC LIMIT 1
            """,
            [newsletter, contentHash, issue],
            PublicationRecord.init
        )
    }

    /// All of the newsletter's publications, newest first.
    public func publications(newsletter: String) throws -> [PublicationRecord] {
        try rows(
            """
            SELECT * FROM publication WHERE newsletter = ?
            ORDER BY publishedAt DESC, issue DESC, language
            """,
            [newsletter],
            PublicationRecord.init
        )
    }

    /// Enters the publication, or what a correction changes of it.
    ///
    /// The time of the first publication and the Atom id stay as they were entered first.
    public func recordPublication(_ record: PublicationRecord) throws {
        let isTopic = record.section != nil
        let (table, section) = isTopic ? ("topicPublication", ", section") : ("publication", "")
        try run(
            """
            INSERT INTO \(table) (newsletter, issue, language, fileName, nodeName, itemName,
                atomID, title, contentHash, state, publishedAt, updatedAt,
                fullText, shortText, linkText, leadText\(section))
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?\(isTopic ? ", ?" : ""))
            ON CONFLICT (newsletter, issue, language\(section)) DO UPDATE
                SET fileName = excluded.fileName, nodeName = excluded.nodeName, itemName = excluded.itemName,
                title = excluded.title, contentHash = excluded.contentHash,
                state = excluded.state, updatedAt = excluded.updatedAt,
                fullText = excluded.fullText, shortText = excluded.shortText,
                linkText = excluded.linkText, leadText = excluded.leadText
            """,
            [
                record.newsletter, record.issue, record.language, record.fileName,
                record.node.rawValue, record.item.rawValue, record.atomID, record.title,
                record.contentHash, record.state.rawValue,
                record.publishedAt.timeIntervalSince1970, record.updatedAt.timeIntervalSince1970,
                record.texts.full, record.texts.short, record.texts.link, record.texts.lead,
            ] + (record.section.map { [$0] } ?? [])
        )
    }

    /// Notes that what the ledger has there was withdrawn.
    public func retract(_ record: PublicationRecord, at date: Date) throws {
        try setPublicationState(
            .retracted,
            newsletter: record.newsletter,
            issue: record.issue,
            language: record.language,
            section: record.section,
            at: date
        )
    }

    /// Notes that a publication was withdrawn, or is there again; tells whether it is known.
    @discardableResult
    public func setPublicationState(
        _ state: PublicationRecord.State,
        newsletter: String,
        issue: String,
        language: String,
        section: String? = nil,
        at date: Date
    ) throws -> Bool {
        let values: StatementArguments = [
            state.rawValue, date.timeIntervalSince1970, newsletter, issue, language,
        ]
        if let section {
            return try changes(
                """
                UPDATE topicPublication SET state = ?, updatedAt = ?
                WHERE newsletter = ? AND issue = ? AND language = ? AND section = ?
                """,
                values + StatementArguments([section])
            ) == 1
        }
        return try changes(
            """
            UPDATE publication SET state = ?, updatedAt = ?
            WHERE newsletter = ? AND issue = ? AND language = ?
            """,
            values
        ) == 1
    }
}

extension PublicationRecord {
    init(_ row: Row) throws {
        self.init(
            newsletter: row.text("newsletter"),
            issue: row.text("issue"),
            language: row.text("language"),
            section: row.hasColumn("section") ? row.optionalText("section") : nil,
            fileName: row.text("fileName"),
            node: try row.word("nodeName", of: "publication"),
            item: try row.word("itemName", of: "publication"),
            atomID: row.text("atomID"),
            title: row.text("title"),
            contentHash: row.text("contentHash"),
            state: try row.word("state", of: "publication"),
            publishedAt: row.date("publishedAt"),
            updatedAt: row.date("updatedAt"),
            texts: PublicationTexts(
                full: row.text("fullText"),
                short: row.text("shortText"),
                link: row.text("linkText"),
                lead: row.text("leadText")
            )
        )
    }
}
