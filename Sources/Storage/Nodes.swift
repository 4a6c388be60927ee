public import Foundation
internal import GRDB
public import XMPP

/// What is known of a node before it has a row.
public struct NewNode: Hashable, Sendable {
    public var name: NodeID
    /// The newsletter whose issues it carries; nil for a node that somebody else made.
    public var newsletter: String?
    public var language: String?
    public var title: String
    public var description: String
    /// `pubsub#type`.
    public var type: String
    /// `pubsub#access_model`, in its own word.
    public var accessModel: String
    /// Whether it looks missing to strangers, as drafts do.
    public var isHidden: Bool
    /// Nil means the service itself.
    public var owner: JID?
    public var createdAt: Date

    public init(
        name: NodeID,
        newsletter: String? = nil,
        language: String? = nil,
        title: String = "",
        description: String = "",
        type: String = "",
        accessModel: String = "open",
        isHidden: Bool = false,
        owner: JID? = nil,
        createdAt: Date
    ) {
        self.name = name
        self.newsletter = newsletter
        self.language = language
        self.title = title
        self.description = description
        self.type = type
        self.accessModel = accessModel
        self.isHidden = isHidden
        self.owner = owner
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
}

extension Transaction {
    /// All nodes, by name.
    public func nodes() throws -> [NodeRecord] {
        try rows("SELECT * FROM node ORDER BY name", [], NodeRecord.init)
    }

    public func node(named name: NodeID) throws -> NodeRecord? {
        try row("SELECT * FROM node WHERE name = ?", [name.rawValue], NodeRecord.init)
    }

    public func node(_ id: NodeRowID) throws -> NodeRecord? {
        try row("SELECT * FROM node WHERE id = ?", [id.rawValue], NodeRecord.init)
    }

    /// Creates the node; nil if one of that name exists.
    public func createNode(_ node: NewNode) throws -> NodeRecord? {
        let created = try changes(
            """
            INSERT INTO node (name, newsletter, language, title, description, type, accessModel,
                isHidden, owner, createdAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                node.name.rawValue, node.newsletter, node.language, node.title, node.description,
                node.type, node.accessModel, node.isHidden, node.owner?.description,
                node.createdAt.timeIntervalSince1970,
            ]
        )
        guard created == 1 else { return nil }
        return NodeRecord(id: NodeRowID(rawValue: database.lastInsertedRowID), node: node)
    }

    /// Stores everything but name and time of creation, which do not change.
    ///
    /// - Returns: Whether the node is still there.
    @discardableResult
    public func updateNode(_ record: NodeRecord) throws -> Bool {
        let node = record.node
        return try changes(
            """
            UPDATE node SET newsletter = ?, language = ?, title = ?, description = ?, type = ?,
                accessModel = ?, isHidden = ?, owner = ?
            WHERE id = ?
            """,
            [
                node.newsletter, node.language, node.title, node.description, node.type,
                node.accessModel, node.isHidden, node.owner?.description, record.id.rawValue,
            ]
        ) == 1
    }

    /// Deletes the node with its items, subscriptions, affiliations and deliveries.
    ///
    /// - Returns: Whether it was there.
    @discardableResult
    public func deleteNode(_ id: NodeRowID) throws -> Bool {
        try changes("DELETE FROM node WHERE id = ?", [id.rawValue]) == 1
    }
}

extension NodeRecord {
    init(_ row: Row) throws {
        id = try row.rowID("id", of: "node")
        node = NewNode(
            name: try row.word("name", of: "node"),
            newsletter: row.optionalText("newsletter"),
            language: row.optionalText("language"),
            title: row.text("title"),
            description: row.text("description"),
            type: row.text("type"),
            accessModel: row.text("accessModel"),
            isHidden: row["isHidden"],
            owner: row.optionalText("owner") == nil ? nil : try row.jid("owner", of: "node"),
            createdAt: row.date("createdAt")
        )
    }
}
