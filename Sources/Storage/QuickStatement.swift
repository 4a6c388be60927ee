internal import GRDB
internal import CSQLite

/// A value to be bound to a statement.
enum QuickValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
}

/// A row of a quick statement, valid until the next step.
struct QuickRow {
    let statement: SQLiteStatement

    func integer(at index: Int32) -> Int64 {
        sqlite3_column_int64(statement, index)
    }

    func text(at index: Int32) -> String {
        guard let start = sqlite3_column_text(statement, index) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, index))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A value that is stored as its word: an identifier or a case of an enum.
    func word<Word: RawRepresentable>(at index: Int32, of table: String) throws -> Word
    where Word.RawValue == String {
        let text = text(at: index)
        guard let word = Word(rawValue: text) else {
            throw StoreError.unreadable(table: table, value: text)
        }
        return word
    }
}

/// Statements without GRDB's bookkeeping, for the few that nearly every request runs.
///
/// GRDB makes objects for arguments, cursors and rows, which takes longer than SQLite does. These
/// statements must neither begin nor end a transaction, nor change the schema.
extension Transaction {
    /// Reads the first row; nil if there is none.
    func quickRow<Value>(
        _ sql: String,
        _ values: [QuickValue],
        _ read: (QuickRow) throws -> Value
    ) throws -> Value? {
        try quickly(statement(sql), values) { statement in
            try step(statement, sql) ? try read(QuickRow(statement: statement)) : nil
        }
    }

    /// Reads one row after the other, as long as the body asks for more.
    func quickRows(
        _ sql: String,
        _ values: [QuickValue],
        while body: (QuickRow) throws -> Bool
    ) throws {
        try quickly(statement(sql), values) { statement in
            while try step(statement, sql), try body(QuickRow(statement: statement)) {}
        }
    }

    func quickCount(_ sql: String, _ values: [QuickValue]) throws -> Int {
        Int(try quickRow(sql, values) { $0.integer(at: 0) } ?? 0)
    }

    /// Runs the statement and tells how many rows it changed.
    ///
    /// One that adds subscriptions leaves those before it uncounted, so that all are counted at once.
    func quickChanges(
        _ sql: String,
        _ values: [QuickValue],
        countingFirst: Bool = true
    ) throws -> Int {
        let prepared = try countingFirst ? statement(sql) : database.cachedStatement(sql: sql)
        return try quickly(prepared, values) { statement in
            let connection = sqlite3_db_handle(statement)
            // Some errors end the transaction; what came after would be one of its own.
            guard sqlite3_get_autocommit(connection) == 0 else {
                throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction has ended")
            }
            while try step(statement, sql) {}
            return Int(sqlite3_changes(connection))
        }
    }

    private func quickly<Value>(
        _ prepared: Statement,
        _ values: [QuickValue],
        _ body: (SQLiteStatement) throws -> Value
    ) throws -> Value {
        try withExtendedLifetime(prepared) {
            let statement = prepared.sqliteStatement
            // Before as well: somebody may have left it in the middle.
            sqlite3_reset(statement)
            defer { sqlite3_reset(statement) }
            for (index, value) in zip(Int32(1)..., values) { bind(value, index, statement) }
            return try body(statement)
        }
    }

    private func bind(_ value: QuickValue, _ index: Int32, _ statement: SQLiteStatement) {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .real(let number): sqlite3_bind_double(statement, index, number)
        case .text(var text):
            text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { bytes in
                    // SQLite takes a copy (SQLITE_TRANSIENT).
                    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                    _ = sqlite3_bind_text(
                        statement,
                        index,
                        bytes.baseAddress,
                        Int32(bytes.count),
                        copied
                    )
                }
            }
        }
    }

    /// True if there is a row, false at the end.
    private func step(_ statement: SQLiteStatement, _ sql: String) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) },
                sql: sql
            )
        }
    }
}
