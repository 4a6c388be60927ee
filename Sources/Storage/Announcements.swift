internal import GRDB
public import XMPP

/// An issue that a room was told of in a language (table `announcement`).
public struct AnnouncementRecord: Hashable, Sendable {
    public var key: IssueKey
    public var language: String
    public var room: JID
    /// By which id the room's members know the message; nil where rooms give none.
    public var message: String?
    /// Whether it is known what the room has made of it.
    public var isAnswered: Bool

    public init(
        key: IssueKey,
        language: String,
        room: JID,
        message: String? = nil,
        isAnswered: Bool
    ) {
        self.key = key
        self.language = language
        self.room = room
        self.message = message
        self.isAnswered = isAnswered
    }
}

extension Transaction {
    /// Those of which no room has said yet what it makes of them.
    public func unansweredAnnouncements() throws -> [AnnouncementRecord] {
        try rows(
            "SELECT * FROM announcement WHERE NOT isAnswered",
            [],
            AnnouncementRecord.init
        )
    }

    /// The rooms that were told of an issue, by languages and their addresses.
    public func announcements(of key: IssueKey) throws -> [AnnouncementRecord] {
        try rows(
            """
            SELECT * FROM announcement WHERE newsletter = ? AND issue = ? ORDER BY language, room
            """,
            [key.newsletter, key.issue],
            AnnouncementRecord.init
        )
    }

    public func recordAnnouncement(_ record: AnnouncementRecord) throws {
        try run(
            """
            INSERT OR REPLACE INTO announcement (newsletter, issue, language, room, message,
                isAnswered)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                record.key.newsletter, record.key.issue, record.language, record.room.description,
                record.message, record.isAnswered,
            ]
        )
    }

    public func removeAnnouncement(_ record: AnnouncementRecord) throws {
        try run(
            """
            DELETE FROM announcement
            WHERE newsletter = ? AND issue = ? AND language = ? AND room = ?
            """,
            [
                record.key.newsletter, record.key.issue, record.language, record.room.description,
            ]
        )
    }
}

extension AnnouncementRecord {
    init(_ row: Row) throws {
        self.init(
            key: IssueKey(newsletter: row.text("newsletter"), issue: row.text("issue")),
            language: row.text("language"),
            room: try row.jid("room", of: "announcement"),
            message: row.optionalText("message"),
            isAnswered: row["isAnswered"]
        )
    }
}
