internal import Foundation
internal import GRDB

/// What the ledger says of a newsletter at one moment, read beside a service that may be running.
///
/// Nothing is locked, created or changed.
public struct LedgerSnapshot: Sendable {
    public let publications: [PublicationRecord]

    /// The setting of a name, if there is one.
    public let setting: String?

    /// Reads the database at the path; nil if there is none yet.
    public init?(path: String, newsletter: String, setting: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            (publications, self.setting) = try queue.read { database in
                let transaction = Transaction(database, NodeCache().view())
                return (
                    try transaction.publications(newsletter: newsletter),
                    try transaction.setting(setting)
                )
            }
        } catch {
            throw StoreError(error, path: path) ?? .failed(path: path, reason: "\(error)")
        }
    }
}
