internal import GRDB

/// Facts the service remembers about itself (table `setting`), each under its name.
extension Transaction {
    public func setting(_ key: String) throws -> String? {
        try row("SELECT value FROM setting WHERE key = ?", [key]) { $0.text("value") }
    }

    /// All whose key begins so, by their keys.
    public func settings(startingWith prefix: String) throws -> [(key: String, value: String)] {
        try rows(
            "SELECT key, value FROM setting WHERE substr(key, 1, length(?)) = ? ORDER BY key",
            [prefix, prefix]
        ) { (key: $0.text("key"), value: $0.text("value")) }
    }

    /// Remembers the value; nil forgets it.
    public func setSetting(_ key: String, to value: String?) throws {
        if let value {
            try run(
                """
                INSERT INTO setting (key, value) VALUES (?, ?)
                ON CONFLICT DO UPDATE SET value = excluded.value
                """,
                [key, value]
            )
        } else {
            try run("DELETE FROM setting WHERE key = ?", [key])
        }
    }
}
