internal import Foundation
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
    fileprivate func arguments() throws -> [QuickValue] {
        switch self {
        case .all: []
        case .only(let types), .except(let types):
            [.text(String(decoding: try JSONEncoder().encode(types.sorted()), as: UTF8.self))]
        }
    }
}

/// Parts of the list of nodes, by name; hidden ones and deleted ones are in none.
extension Transaction {
    public func listedNodeCount(_ rule: NodeTypeRule = .all) throws -> Int {
        try quickCount("SELECT count(*) \(Self.listed(rule))", rule.arguments())
    }

    public func listedNodes(
        _ rule: NodeTypeRule = .all,
        in range: Range<Int>
    ) throws -> [ListedNode] {
        var nodes: [ListedNode] = []
        nodes.reserveCapacity(range.count)
        try quickRows(
            "SELECT name, title \(Self.listed(rule)) ORDER BY name LIMIT ? OFFSET ?",
            try rule.arguments() + [range.count, range.lowerBound].map { .integer(Int64($0)) }
        ) { row in
            nodes.append(ListedNode(name: try row.word(at: 0, of: "node"), title: row.text(at: 1)))
            return true
        }
        return nodes
    }

    /// How many nodes come before that one; nil if it is not in the list.
    public func place(ofListed name: NodeID, _ rule: NodeTypeRule = .all) throws -> Int? {
        let types = try rule.arguments()
        let isListed = try quickCount(
            "SELECT count(*) \(Self.listed(rule)) AND name = ?",
            types + [.text(name.rawValue)]
        )
        guard isListed == 1 else { return nil }
        return try quickCount(
            "SELECT count(*) \(Self.listed(rule)) AND name < ?",
            types + [.text(name.rawValue)]
        )
    }

    private static func listed(_ rule: NodeTypeRule) -> String {
        "FROM node WHERE deletedAt IS NULL AND NOT isHidden\(rule.condition)"
    }
}
