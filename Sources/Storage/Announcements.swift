internal import GRDB
public import XMPP

/// An issue that a room was told of in a language (table `announcement`).
public struct AnnouncementRecord: Hashable, Sendable {
    public var key: IssueKey
    public var language: String
    public var room: JID
    /// By which id the room's members know the message; nil where rooms give none.
    public var message: String?

    public init(key: IssueKey, language: String, room: JID, message: String?) {
        self.key = key
        self.language = language
        self.room = room
        self.message = message
    }
}

extension Transaction {
    /// The rooms that were told of an issue, by languages and their addresses.
    public func announcements(of key: IssueKey) throws -> [AnnouncementRecord] {
        try rows(
            """
            SELECT * FROM announcement WHERE newsletter = ? AND issue = ? ORDER BY language, room
            """,
            [key.newsletter, key.issue]
        ) { row in
            AnnouncementRecord(
                key: key,
                language: row.text("language"),
                room: try row.jid("room", of: "announcement"),
                message: row.optionalText("message")
            )
        }
    }

    public func recordAnnouncement(_ record: AnnouncementRecord) throws {
        try run(
            """
            INSERT OR REPLACE INTO announcement (newsletter, issue, language, room, message)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                record.key.newsletter, record.key.issue, record.language, record.room.description,
                record.message,
            ]
        )
    }

    /// Notes the id by which the room's members know the message, unless that was taken back.
    public func name(_ record: AnnouncementRecord, by message: String) throws {
        try run(
            """
            UPDATE announcement SET message = ?
            WHERE newsletter = ? AND issue = ? AND language = ? AND room = ?
            """,
            [
                message, record.key.newsletter, record.key.issue, record.language,
                record.room.description,
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
