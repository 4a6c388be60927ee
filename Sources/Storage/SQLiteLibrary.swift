internal import CSQLite

/// The SQLite that is loaded.
public enum SQLiteLibrary {
    /// `3.40.1`.
    public static var version: String {
        String(cString: sqlite3_libversion())
    }

    /// Sets up the library, once and before it is used.
    ///
    /// Nobody asks how much memory it has, and to count that takes a lock at each allocation.
    static func prepare() {
        _ = isPrepared
    }

    private static let isPrepared = broadsheet_leave_memory_uncounted() == SQLITE_OK
}
