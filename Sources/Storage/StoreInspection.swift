internal import Foundation
internal import GRDB

/// What a database holds, and what in it contradicts itself; read beside a service that may run.
public struct StoreInspection: Hashable, Sendable {
    public let nodes: Int
    public let subscriptions: Int
    public let items: Int
    public let publications: Int
    /// Deliveries that have not come to their end.
    public let unfinishedDeliveries: Int
    /// In bytes.
    public let size: Int
    /// Sentences for people; none if all is well.
    public let findings: [String]

    /// How much there is, in a sentence.
    public var summary: String {
        let megabytes = (Double(size) / 100_000).rounded() / 10
        return "\(subscriptions) subscriptions to \(nodes) nodes, \(items) items, "
            + "\(unfinishedDeliveries) deliveries under way, \(megabytes) MB."
    }

    /// Reads all of the database at the path; only what is quick if it is not to be thorough.
    ///
    /// - Throws: ``StoreError`` if there is none, or if it is of a newer Broadsheet.
    public init(path: String, thorough: Bool = true) throws(StoreError) {
        do {
            self = try StoreFile.reader(path).read { try Self(path, $0, thorough) }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(error, path: path) ?? .failed(path: path, reason: "\(error)")
        }
    }

    private init(_ path: String, _ database: Database, _ thorough: Bool) throws {
        try StoreFile.checkSchema(database, path)
        size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        nodes = try Self.count("node WHERE deletedAt IS NULL", database)
        subscriptions = try Self.count("subscription", database)
        items = try Self.count("item", database)
        publications = try Self.count("publication", database)
        unfinishedDeliveries = try Self.count(
            "fanOut WHERE state IN ('waiting', 'running', 'held')",
            database
        )
        findings = thorough ? try Self.findings(database) : []
    }

    private static func findings(_ database: Database) throws -> [String] {
        let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
        // A file that is damaged gives no answers that mean anything.
        guard damage == ["ok"] else { return damage.map { "The file is damaged: \($0)." } }
        var findings: [String] = []
        let lost = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
        if lost > 0 { findings.append("\(lost) rows belong to others that are not there.") }
        for (sentence, condition) in contradictions {
            let count = try count(condition, database)
            if count > 0 { findings.append("\(sentence): \(count).") }
        }
        return findings
    }

    private static func count(_ condition: String, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(condition)") ?? 0
    }

    /// What never is while only Broadsheet writes: a sentence, and where such rows are.
    private static let contradictions = [
        (
            "Nodes whose subscribers or items are not as many as was counted",
            """
            node LEFT JOIN nodeCount ON nodeCount.node = node.id
            WHERE nodeCount.node IS NULL
                OR subscribers <> (SELECT count(*) FROM subscription
                    WHERE node = node.id AND state = 'subscribed')
                OR nodeCount.items <> (SELECT count(*) FROM item WHERE node = node.id)
            """
        ),
        (
            "Kinds of readers that are not as many as was counted",
            """
            (
                SELECT node, form, iif(form = 'chat', amount, '') AS amount, count(*) AS readers
                FROM subscription
                WHERE state = 'subscribed' AND isDelivered AND suspendedAt IS NULL
                GROUP BY 1, 2, 3
            ) AS found FULL JOIN (SELECT * FROM readerCount WHERE readers <> 0) AS counted
                USING (node, form, amount)
            WHERE found.readers IS NOT counted.readers
            """
        ),
        (
            "Deliveries that are further than their last reader",
            "fanOut WHERE cursor > lastSubscription"
        ),
        (
            "Deliveries that have not ended and have nothing to send",
            """
            fanOut WHERE state IN ('waiting', 'running', 'held')
                AND NOT EXISTS (SELECT 1 FROM variant WHERE variant.fanOut = fanOut.id)
            """
        ),
        (
            "Pauses of readers who are sent something",
            "pause JOIN subscription ON subscription.id = pause.subscription WHERE isDelivered"
        ),
        (
            "Words kept for the search of items that are not there",
            "itemText WHERE rowid NOT IN (SELECT id FROM item)"
        ),
    ]
}
