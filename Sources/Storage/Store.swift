internal import Foundation
internal import GRDB

/// The database: what must outlive the process.
///
/// All writes go through one connection, one after the other; reads have their own and see the
/// last committed state. What a write has returned from is on the disk.
public final class Store: Sendable {
    /// The file, or `:memory:`.
    public let path: String

    private let connection: any DatabaseWriter
    private let lock: StoreLock?
    private let nodes = NodeCache()

    /// Opens the database, or creates it, readable by its owner only.
    public init(path: String) throws(StoreError) {
        self.path = path
        lock = try StoreLock(for: path)
        try Self.createFile(at: path)
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // The pool lowers this to NORMAL when it turns on WAL: a power cut could then undo
            // a subscription that was acknowledged.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            connection = pool
        } catch {
            throw StoreError(error, path: path) ?? .failed(path: path, reason: "\(error)")
        }
        try migrate()
    }

    private init(inMemory connection: DatabaseQueue) throws(StoreError) {
        path = ":memory:"
        lock = nil
        self.connection = connection
        try migrate()
    }

    /// A database that is gone with the value: for tests.
    public static func inMemory() throws(StoreError) -> Store {
        let connection: DatabaseQueue
        do {
            connection = try DatabaseQueue(configuration: configuration)
        } catch {
            throw .failed(path: ":memory:", reason: "\(error)")
        }
        return try Store(inMemory: connection)
    }

    // MARK: - Opening

    private static var configuration: Configuration {
        SQLiteLibrary.prepare()
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "Storage"
        // What a statement may have to undo would otherwise be written to a file of its own.
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// SQLite would create the file with the rights that the umask leaves; its own other files
    /// take theirs from this one.
    private static func createFile(at path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        close(descriptor)
    }

    private func migrate() throws(StoreError) {
        do {
            let migrator = Schema.migrator
            let applied = try connection.read { try migrator.appliedIdentifiers($0) }
            let unknown = applied.subtracting(migrator.migrations)
            guard unknown.isEmpty else {
                throw StoreError.newerSchema(path: path, unknown: unknown.sorted())
            }
            try migrator.migrate(connection)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(error, path: path) ?? .failed(path: path, reason: "\(error)")
        }
    }
}

// MARK: - Using

extension Store {
    /// Runs the body in one transaction, which is durable when this returns.
    ///
    /// When the body throws, all it did is undone and its error travels on. The body runs on a
    /// thread of its own. Cancelling the task does not stop it: what was decided is stored.
    @discardableResult
    public nonisolated(nonsending) func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                connection.asyncWrite(
                    { [nodes] in try Transaction.carryOut(body, in: $0, nodes.view()) },
                    completion: { [nodes] in
                        nodes.endWriting()
                        continuation.resume(with: $1)
                    }
                )
            }
        } catch {
            throw StoreError(error, path: path) ?? error
        }
    }

    /// Runs the body as the other `write` does, with another that takes its place if it fails.
    ///
    /// The second has a transaction of its own, and nobody else writes between the two.
    ///
    /// - Throws: What the second has thrown.
    @discardableResult
    public nonisolated(nonsending) func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value,
        orElse second: @escaping @Sendable (Transaction, any Error) throws -> Value
    ) async throws -> Value {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                connection.asyncWriteWithoutTransaction { [nodes] database in
                    let result = Result {
                        do {
                            return try Self.transact(body, in: database, nodes)
                        } catch {
                            return try Self.transact({ try second($0, error) }, in: database, nodes)
                        }
                    }
                    continuation.resume(with: result)
                }
            }
        } catch {
            throw StoreError(error, path: path) ?? error
        }
    }

    private static func transact<Value>(
        _ body: (Transaction) throws -> Value,
        in database: Database,
        _ nodes: NodeCache
    ) throws -> Value {
        defer { nodes.endWriting() }
        var value: Value?
        try database.inTransaction {
            value = try Transaction.carryOut(body, in: database, nodes.view())
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return value
    }

    /// Runs the body on the last committed state; what it changes is refused.
    ///
    /// The body runs on a thread of its own, which also gives the connection back: whoever waits for
    /// the result may live on a thread that waits for connections (``readNow(_:)``). Cancelling the
    /// task does not stop it.
    public nonisolated(nonsending) func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            // The view comes first: what is committed in between is in the snapshot then, and not
            // in the view.
            let view = nodes.view()
            return try await withCheckedThrowingContinuation { continuation in
                connection.asyncRead { database in
                    continuation.resume(
                        with: Result { try body(Transaction(try database.get(), view)) }
                    )
                }
            }
        } catch {
            throw StoreError(error, path: path) ?? error
        }
    }

    /// As `read`, but on the caller's thread: for what is sooner done than handed to another.
    public func readNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        do {
            let view = nodes.view()
            return try connection.read { try body(Transaction($0, view)) }
        } catch {
            throw StoreError(error, path: path) ?? error
        }
    }
}
