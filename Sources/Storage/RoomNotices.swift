internal import GRDB

/// Something the rooms of a newsletter are to hear, which nobody asked (table `roomNotice`).
public struct RoomNotice: Hashable, Sendable {
    public var id: Int64
    public var newsletter: String
    public var text: String
}

extension Transaction {
    /// Keeps a text until it is said; the oldest make place for those above the limit.
    public func addNotice(_ text: String, newsletter: String, keeping limit: Int = 100) throws {
        try run(
            "INSERT INTO roomNotice (newsletter, text) VALUES (?, ?)",
            [newsletter, text]
        )
        try run(
            "DELETE FROM roomNotice WHERE id <= (SELECT max(id) FROM roomNotice) - ?",
            [limit]
        )
    }

    /// What is still to be said, oldest first.
    public func notices() throws -> [RoomNotice] {
        try rows("SELECT * FROM roomNotice ORDER BY id") { row in
            RoomNotice(id: row["id"], newsletter: row.text("newsletter"), text: row.text("text"))
        }
    }

    public func removeNotice(_ id: Int64) throws {
        try run("DELETE FROM roomNotice WHERE id = ?", [id])
    }
}
