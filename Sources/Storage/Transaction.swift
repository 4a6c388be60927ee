internal import GRDB
internal import XMPP

/// What can be asked of the database and done to it, inside `write` and `read` only.
///
/// It can't be kept: not being Sendable, it does not leave the body it was given to. Its verbs are
/// extensions, a file for each table; each leaves the data consistent.
public struct Transaction {
    let database: Database
    let cache: NodeCache.View
    private let added = AddedReaders()

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
            try countAdded()
        } catch {
            added.forget()
            // Some errors, of a full disk for one, have undone the whole transaction already.
            try? run("ROLLBACK TO SAVEPOINT broadsheet")
            try? run("RELEASE SAVEPOINT broadsheet")
            throw error
        }
        try run("RELEASE SAVEPOINT broadsheet")
        return value
    }
}

// MARK: - Counting

extension Transaction {
    /// Runs the body in a transaction that is under way and is to be committed after it.
    static func carryOut<Value>(
        _ body: (Transaction) throws -> Value,
        in database: Database,
        _ cache: NodeCache.View
    ) throws -> Value {
        let transaction = Transaction(database, cache)
        let value = try body(transaction)
        try transaction.countAdded()
        return value
    }

    /// Takes note of a subscription that was added, to be counted with others.
    func noteAdded(_ choice: DeliveryChoice, in state: SubscriptionState, to node: NodeRowID) {
        added.add(choice, in: state, to: node)
    }

    private func countAdded() throws {
        try added.count { sql, values in
            _ = try quickChanges(sql, values, countingFirst: false)
        }
    }

    /// A statement, which sees all that was added before counted.
    func statement(_ sql: String) throws -> Statement {
        try countAdded()
        return try database.cachedStatement(sql: sql)
    }
}

// MARK: - Statements

/// Each statement is prepared once per connection and kept.
extension Transaction {
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try statement(sql).execute(arguments: arguments)
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
        let statement = try statement(sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        // The row is a window on the statement, which the cursor resets when it goes.
        return try withExtendedLifetime(cursor) { try cursor.next().map(read) }
    }

    func rows<Value>(
        _ sql: String,
        _ arguments: StatementArguments = [],
        _ read: (Row) throws -> Value
    ) throws -> [Value] {
        let statement = try statement(sql)
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
