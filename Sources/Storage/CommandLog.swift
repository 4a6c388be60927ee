public import Foundation
internal import GRDB

/// A command that changed something, or tried to (table `commandLog`).
public struct CommandLogEntry: Hashable, Sendable {
    public var date: Date
    /// As the person is called where the command was given.
    public var person: String
    /// Where it was given, in words.
    public var place: String
    /// The newsletter the place belongs to; nil where there are several.
    public var newsletter: String?
    /// The command with its arguments, as one would write it.
    public var line: String
    /// How it ended, in a word.
    public var outcome: String

    public init(
        date: Date,
        person: String,
        place: String,
        newsletter: String?,
        line: String,
        outcome: String
    ) {
        self.date = date
        self.person = person
        self.place = place
        self.newsletter = newsletter
        self.line = line
        self.outcome = outcome
    }
}

extension Transaction {
    /// Adds an entry, and forgets those that are older than the newest `limit`.
    public func log(_ entry: CommandLogEntry, keeping limit: Int) throws {
        try run(
            """
            INSERT INTO commandLog (at, person, place, newsletter, line, outcome)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                entry.date.timeIntervalSince1970, entry.person, entry.place, entry.newsletter,
                entry.line, entry.outcome,
            ]
        )
        try run(
            "DELETE FROM commandLog WHERE id <= (SELECT max(id) FROM commandLog) - ?",
            [limit]
        )
    }

    /// The newest entries, newest first; with a newsletter's name, those of its places alone.
    public func commandLog(newsletter: String? = nil, limit: Int) throws -> [CommandLogEntry] {
        try rows(
            """
            SELECT * FROM commandLog WHERE ?1 IS NULL OR newsletter IS NULL OR newsletter = ?1
            ORDER BY id DESC LIMIT ?2
            """,
            [newsletter, limit],
            CommandLogEntry.init
        )
    }
}

extension CommandLogEntry {
    init(_ row: Row) throws {
        date = row.date("at")
        person = row.text("person")
        place = row.text("place")
        newsletter = row.optionalText("newsletter")
        line = row.text("line")
        outcome = row.text("outcome")
    }
}
