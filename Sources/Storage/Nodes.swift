public import Foundation
internal import GRDB
public import XMPP

/// What is known of a node before it has a row.
public struct NewNode: Hashable, Sendable {
    public var name: NodeID
    /// The newsletter whose issues it carries; nil for a node that somebody else made.
    public var newsletter: String?
    /// Whether it looks missing to strangers, as drafts do.
    public var isHidden: Bool
    /// Who made it over the wire; nil means the service itself, which then owns it.
    public var creator: JID?
    public var configuration: NodeConfiguration
    public var createdAt: Date

    public init(
        name: NodeID,
        newsletter: String? = nil,
        isHidden: Bool = false,
        creator: JID? = nil,
        configuration: NodeConfiguration = NodeConfiguration(),
        createdAt: Date
    ) {
        self.name = name
        self.newsletter = newsletter
        self.isHidden = isHidden
        self.creator = creator
        self.configuration = configuration
        self.createdAt = createdAt
    }
}

/// A node (table `node`).
public struct NodeRecord: Hashable, Sendable {
    public let id: NodeRowID
    public var node: NewNode

    public init(id: NodeRowID, node: NewNode) {
        self.id = id
        self.node = node
    }

    public var name: NodeID { node.name }

    public var configuration: NodeConfiguration {
        get { node.configuration }
        set { node.configuration = newValue }
    }
}

// MARK: - Finding

/// A node that was deleted is none for these, though its row may stay for a while.
extension Transaction {
    /// All nodes, by name.
    public func nodes() throws -> [NodeRecord] {
        try rows(
            "SELECT * FROM node WHERE deletedAt IS NULL ORDER BY name",
            [],
            NodeRecord.init
        )
    }

    public func node(named name: NodeID) throws -> NodeRecord? {
        if let known = cache.node(named: name) { return known }
        return try keep(
            row(
                "SELECT * FROM node WHERE name = ? AND deletedAt IS NULL",
                [name.rawValue],
                NodeRecord.init
            )
        )
    }

    public func node(_ id: NodeRowID) throws -> NodeRecord? {
        if let known = cache.node(id) { return known }
        return try keep(
            row(
                "SELECT * FROM node WHERE id = ? AND deletedAt IS NULL",
                [id.rawValue],
                NodeRecord.init
            )
        )
    }

    private func keep(_ record: NodeRecord?) -> NodeRecord? {
        if let record { cache.keep(record) }
        return record
    }

    /// How many nodes somebody has made and not deleted.
    public func nodeCount(createdBy jid: JID) throws -> Int {
        try count(
            "SELECT count(*) FROM node WHERE creator = ? AND deletedAt IS NULL",
            [jid.bare.description]
        )
    }

    /// Where readers of a node that was deleted are sent (XEP-0060 §8.4.2).
    public func redirect(from name: NodeID) throws -> String? {
        try row("SELECT uri FROM redirect WHERE name = ?", [name.rawValue]) { $0.text("uri") }
    }
}

// MARK: - Changing

extension Transaction {
    /// Creates the node; nil if one of that name exists.
    public func createNode(_ node: NewNode) throws -> NodeRecord? {
        cache.beginChange()
        let created = try changes(
            Self.insertNode,
            StatementArguments(
                [
                    node.name.rawValue, node.newsletter, node.isHidden, node.creator?.description,
                    node.createdAt.timeIntervalSince1970,
                ] + node.configuration.values
            )
        )
        guard created == 1 else { return nil }
        let record = NodeRecord(id: NodeRowID(rawValue: database.lastInsertedRowID), node: node)
        try run("INSERT INTO nodeCount (node) VALUES (?)", [record.id.rawValue])
        try run("DELETE FROM redirect WHERE name = ?", [node.name.rawValue])
        return record
    }

    /// Stores everything but name, creator and time of creation, which do not change.
    ///
    /// - Returns: Whether the node is still there.
    @discardableResult
    public func updateNode(_ record: NodeRecord) throws -> Bool {
        cache.beginChange()
        return try changes(
            Self.updateNode,
            StatementArguments(
                record.configuration.values
                    + [record.node.newsletter, record.node.isHidden, record.id.rawValue]
            )
        ) == 1
    }

    /// Deletes the node with its items and affiliations, ends its deliveries (``recall(_:of:at:)``); tells if it was there.
    ///
    /// The row stays, with the subscriptions, as long as a delivery needs them: the notice that the
    /// node is gone is started after this. ``pruneNodes(deletedBefore:)`` takes the rest. The
    /// redirect is the URI of what takes its place.
    @discardableResult
    public func deleteNode(_ id: NodeRowID, redirect: String? = nil, at date: Date) throws -> Bool {
        guard let record = try node(id) else { return false }
        cache.beginChange()
        try run(
            "UPDATE node SET deletedAt = ? WHERE id = ?",
            [date.timeIntervalSince1970, id.rawValue]
        )
        try run("DELETE FROM item WHERE node = ?", [id.rawValue])
        try run("DELETE FROM affiliation WHERE node = ?", [id.rawValue])
        try recall(.node, of: id, at: date)
        if let redirect {
            try run(
                "INSERT OR REPLACE INTO redirect (name, uri) VALUES (?, ?)",
                [record.name.rawValue, redirect]
            )
        }
        return true
    }

    private static let insertNode: String = {
        let columns = ["name", "newsletter", "isHidden", "creator", "createdAt"]
        let all = columns + NodeConfiguration.columns
        let places = all.map { _ in "?" }.joined(separator: ", ")
        return """
            INSERT INTO node (\(all.joined(separator: ", "))) VALUES (\(places))
            ON CONFLICT DO NOTHING
            """
    }()

    private static let updateNode: String = {
        let columns = NodeConfiguration.columns + ["newsletter", "isHidden"]
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        return "UPDATE node SET \(assignments) WHERE id = ? AND deletedAt IS NULL"
    }()
}

extension NodeRecord {
    init(_ row: Row) throws {
        id = try row.rowID("id", of: "node")
        node = NewNode(
            name: try row.word("name", of: "node"),
            newsletter: row.optionalText("newsletter"),
            isHidden: row["isHidden"],
            creator: row.optionalText("creator") == nil ? nil : try row.jid("creator", of: "node"),
            configuration: try NodeConfiguration(row),
            createdAt: row.date("createdAt")
        )
    }
}
