internal import Foundation
internal import GRDB
public import XMPP

/// A node as lists name it.
public struct ListedNode: Hashable, Sendable {
    public let name: NodeID
    /// For people; empty if it has none.
    public let title: String
}

/// Which nodes are listed, by the type of what is in them (`pubsub#type`; empty if not said).
public enum NodeTypeRule: Hashable, Sendable {
    case all
    case only(Set<String>)
    case except(Set<String>)

    fileprivate var condition: String {
        switch self {
        case .all: ""
        case .only: " AND type IN (SELECT value FROM json_each(?))"
        case .except: " AND type NOT IN (SELECT value FROM json_each(?))"
        }
    }

    /// The types as one argument, so that the statement stays the same.
    fileprivate func arguments() throws -> [(any DatabaseValueConvertible)?] {
        switch self {
        case .all: []
        case .only(let types), .except(let types):
            [String(decoding: try JSONEncoder().encode(types.sorted()), as: UTF8.self)]
        }
    }
}

/// Parts of the list of nodes, by name; hidden ones and deleted ones are in none.
extension Transaction {
    public func listedNodeCount(_ rule: NodeTypeRule = .all) throws -> Int {
        try count(
            "SELECT count(*) \(Self.listed(rule))",
            StatementArguments(try rule.arguments())
        )
    }

    public func listedNodes(
        _ rule: NodeTypeRule = .all,
        in range: Range<Int>
    ) throws -> [ListedNode] {
        try rows(
            "SELECT name, title \(Self.listed(rule)) ORDER BY name LIMIT ? OFFSET ?",
            StatementArguments(try rule.arguments() + [range.count, range.lowerBound])
        ) { row in
            ListedNode(name: try row.word(at: 0, of: "node"), title: row[1])
        }
    }

    /// How many nodes come before that one; nil if it is not in the list.
    public func place(ofListed name: NodeID, _ rule: NodeTypeRule = .all) throws -> Int? {
        let types = try rule.arguments()
        let isListed = try count(
            "SELECT count(*) \(Self.listed(rule)) AND name = ?",
            StatementArguments(types + [name.rawValue])
        )
        guard isListed == 1 else { return nil }
        return try count(
            "SELECT count(*) \(Self.listed(rule)) AND name < ?",
            StatementArguments(types + [name.rawValue])
        )
    }

    private static func listed(_ rule: NodeTypeRule) -> String {
        "FROM node WHERE deletedAt IS NULL AND NOT isHidden\(rule.condition)"
    }
}
