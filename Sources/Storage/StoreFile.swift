public import Foundation
internal import GRDB

/// A database as a file: how it is copied beside a running service, and put in the place of another.
public enum StoreFile {
    /// Copies the database as it is at this moment to a new file, which only its owner may read.
    ///
    /// The service may run and write meanwhile. The file is there when it is complete and on the
    /// disk, or not at all.
    public static func backUp(_ path: String, to target: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: target) else {
            throw .exists(path: target)
        }
        try copy(path, to: target, as: nil)
    }

    /// Puts a copy of a backup in the place of the database.
    ///
    /// The database that was there stays beside it. Deliveries that were under way when the backup
    /// was made are held, since what went out since then would go out again.
    ///
    /// - Returns: Where the former database is now; nil if there was none.
    /// - Throws: ``StoreError/inUse(path:pid:)`` while a service has the database open.
    public static func restore(
        _ backup: String,
        to path: String,
        at moment: Date = Date()
    ) throws(StoreError) -> String? {
        let findings = try StoreInspection(path: backup).findings
        if let finding = findings.first { throw .damaged(path: backup, reason: finding) }
        let owner = owner(of: path)
        let lock = try StoreLock(for: path)
        defer { withExtendedLifetime(lock) {} }
        owner?.take(path + ".lock")
        let fresh = path + ".restored"
        try removeIfThere(fresh)
        try copy(backup, to: fresh, as: owner) { database in
            try database.execute(
                sql: "UPDATE fanOut SET state = 'held' WHERE state IN ('waiting', 'running')"
            )
        }
        let former = try moveAway(path, at: moment)
        try move(fresh, to: path)
        return former
    }

    // MARK: -

    static func reader(_ path: String) throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError.cannotOpen(path: path, reason: "there is no such file")
        }
        SQLiteLibrary.prepare()
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Throws if the tables are not ours, or of a newer Broadsheet.
    static func checkSchema(_ database: Database, _ path: String) throws {
        let applied = try Schema.migrator.appliedIdentifiers(database)
        guard !applied.isEmpty else { throw StoreError.notADatabase(path: path) }
        let unknown = applied.subtracting(Schema.migrator.migrations)
        guard unknown.isEmpty else {
            throw StoreError.newerSchema(path: path, unknown: unknown.sorted())
        }
    }

    private static func copy(
        _ path: String,
        to target: String,
        as owner: Owner?,
        changing change: (Database) throws -> Void = { _ in }
    ) throws(StoreError) {
        let part = target + ".part"
        try removeIfThere(part)
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw cannotOpen(part) }
        defer { close(descriptor) }
        do {
            let source = try reader(path)
            try source.read { try checkSchema($0, path) }
            try source.vacuum(into: part)
            try DatabaseQueue(path: part).write(change)
        } catch {
            unlink(part)
            throw error as? StoreError ?? StoreError(error, path: path)
                ?? .failed(path: path, reason: "\(error)")
        }
        owner?.take(part)
        // SQLite does not wait for the disk here.
        guard fsync(descriptor) == 0 else { throw cannotOpen(part) }
        try move(part, to: target)
    }

    /// What SQLite keeps beside the database belongs to it, and keeps its name with it.
    private static func moveAway(_ path: String, at moment: Date) throws(StoreError) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let former = path + ".replaced-\(Int(moment.timeIntervalSince1970))"
        for suffix in ["-wal", "-shm", "-journal"]
        where FileManager.default.fileExists(atPath: path + suffix) {
            try move(path + suffix, to: former + suffix)
        }
        try move(path, to: former)
        return former
    }

    private static func move(_ path: String, to target: String) throws(StoreError) {
        guard rename(path, target) == 0 else { throw cannotOpen(target) }
        let folder = open(URL(filePath: target).deletingLastPathComponent().path, O_RDONLY)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func removeIfThere(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw cannotOpen(path) }
    }

    private static func cannotOpen(_ path: String) -> StoreError {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }

    /// Whose the database is, or its folder if there is none: it may be root who restores it.
    private static func owner(of path: String) -> Owner? {
        var status = stat()
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard stat(path, &status) == 0 || stat(folder, &status) == 0 else { return nil }
        return Owner(user: status.st_uid, group: status.st_gid)
    }

    private struct Owner {
        let user: uid_t
        let group: gid_t

        /// Only root can; for everybody else it is theirs already.
        func take(_ path: String) {
            guard geteuid() == 0 else { return }
            chown(path, user, group)
        }
    }
}
