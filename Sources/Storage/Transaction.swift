internal import GRDB

/// What can be asked of the database and done to it, inside `write` and `read` only.
///
/// It can't be kept: not being Sendable, it does not leave the body it was given to. Its verbs are
/// extensions, a file for each table; each leaves the data consistent.
public struct Transaction {
    let database: Database
    let cache: NodeCache.View

    init(_ database: Database, _ cache: NodeCache.View) {
        self.database = database
        self.cache = cache
    }
}

@available(*, unavailable)
extension Transaction: Sendable {}

extension Transaction {
    /// Runs the body; when it throws, only what it did is undone, and its error travels on.
    public func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        // GRDB's own prepares its statements anew each time.
        try run("SAVEPOINT broadsheet")
        let value: Value
        do {
            value = try body()
        } catch {
            // Some errors, of a full disk for one, have undone the whole transaction already.
            try? run("ROLLBACK TO SAVEPOINT broadsheet")
            try? run("RELEASE SAVEPOINT broadsheet")
            throw error
        }
        try run("RELEASE SAVEPOINT broadsheet")
        return value
    }
}

// MARK: - Statements

/// Each statement is prepared once per connection and kept.
extension Transaction {
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Runs the statement and tells how many rows it changed.
    func changes(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        try run(sql, arguments)
        return database.changesCount
    }

    func row<Value>(
        _ sql: String,
        _ arguments: StatementArguments = [],
        _ read: (Row) throws -> Value
    ) throws -> Value? {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        // The row is a window on the statement, which the cursor resets when it goes.
        return try withExtendedLifetime(cursor) { try cursor.next().map(read) }
    }

    func rows<Value>(
        _ sql: String,
        _ arguments: StatementArguments = [],
        _ read: (Row) throws -> Value
    ) throws -> [Value] {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var values: [Value] = []
        while let row = try cursor.next() {
            values.append(try read(row))
        }
        return values
    }

    func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try row(sql, arguments) { $0[0] } ?? 0
    }
}
