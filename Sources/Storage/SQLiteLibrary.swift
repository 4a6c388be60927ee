internal import GRDBSQLite

/// The SQLite that is loaded.
public enum SQLiteLibrary {
    /// `3.40.1`.
    public static var version: String {
        String(cString: sqlite3_libversion())
    }
}
