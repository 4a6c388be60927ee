internal import Foundation
internal import GRDB

/// Why the database can't be used.
public enum StoreError: Error, Hashable, Sendable {
    /// Another process has it open; its id, if it left one.
    case inUse(path: String, pid: Int32?)
    /// The file or its folder can't be opened or created: the system's reason.
    case cannotOpen(path: String, reason: String)
    /// There is a file already where one was to be made.
    case exists(path: String)
    /// The file holds something else.
    case notADatabase(path: String)
    /// What is in it contradicts itself: the disk, or another program, has damaged it.
    case damaged(path: String, reason: String)
    /// A newer Broadsheet has changed the tables; the steps that this one does not know.
    case newerSchema(path: String, unknown: [String])
    /// The disk is full, or the file may not grow.
    case diskFull(path: String)
    /// Another program has locked it, and has not let go for seconds.
    case locked(path: String)
    /// SQLite's words for what else went wrong.
    case failed(path: String, reason: String)
    /// A value in a table is not what was written there.
    case unreadable(table: String, value: String)
}

extension StoreError {
    /// Whether the same may work later: it is the file or its disk that is in the way, not what is in it.
    public var mayPass: Bool {
        switch self {
        case .diskFull, .locked, .cannotOpen, .failed: true
        case .inUse, .exists, .notADatabase, .damaged, .newerSchema, .unreadable: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inUse(let path, let pid):
            "The database '\(path)' is in use by another Broadsheet"
                + (pid.map { " (process \($0))" } ?? "")
                + ". Stop that one, or give this one a database of its own."
        case .cannotOpen(let path, let reason):
            "The database '\(path)' can't be opened: \(reason). "
                + "Check that the folder exists and that this user may write in it."
        case .exists(let path):
            "There is a file '\(path)' already. Choose another name, or move it away."
        case .notADatabase(let path):
            "The file '\(path)' is not a Broadsheet database. "
                + "Move it away, or configure another path."
        case .damaged(let path, let reason):
            "The database '\(path)' is damaged: \(reason). "
                + "Check the disk and restore a backup."
        case .newerSchema(let path, let unknown):
            "The database '\(path)' was changed by a newer Broadsheet "
                + "(\(unknown.joined(separator: ", "))). "
                + "Install that version again, or restore a backup from before it."
        case .diskFull(let path):
            "The disk that holds the database '\(path)' is full. "
                + "Free some space; nothing that was acknowledged is lost."
        case .locked(let path):
            "The database '\(path)' is locked by another program. "
                + "End it, be it a shell or a backup; nothing that was acknowledged is lost."
        case .failed(let path, let reason):
            "The database '\(path)' failed: \(reason)."
        case .unreadable(let table, let value):
            "The table '\(table)' holds '\(value)', which no Broadsheet wrote there. "
                + "Restore a backup."
        }
    }
}

extension StoreError {
    /// Puts an error of SQLite in our words; nil if it is none.
    init?(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else { return nil }
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self = .notADatabase(path: path)
        case .SQLITE_CORRUPT:
            self = .damaged(path: path, reason: error.message ?? "no reason given")
        case .SQLITE_FULL:
            self = .diskFull(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            self = .cannotOpen(path: path, reason: error.message ?? "no reason given")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .locked(path: path)
        default:
            self = .failed(path: path, reason: error.message ?? error.resultCode.description)
        }
    }
}
