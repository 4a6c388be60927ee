public import Foundation
internal import GRDB
import XML
import XMPP

/// Which items of a node are looked for.
public struct ArchiveFilter: Hashable, Sendable {
    /// As the items have it.
    public var publisher: String?
    public var start: Date?
    public var end: Date?
    /// All of its words must be in the item.
    public var text: String?

    public init(
        publisher: String? = nil,
        start: Date? = nil,
        end: Date? = nil,
        text: String? = nil
    ) {
        self.publisher = publisher
        self.start = start
        self.end = end
        self.text = text
    }

    /// Each word in quotes, so that none is an operator of the search; nil to search for nothing.
    fileprivate var match: String? {
        let words = text?.split(whereSeparator: \.isWhitespace) ?? []
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
    }
}

/// Looking for items, in the order they were published.
extension Transaction {
    public func itemCount(of node: NodeRowID, matching filter: ArchiveFilter) throws -> Int {
        try count(
            "SELECT count(*) \(Self.matching(filter))",
            StatementArguments(Self.arguments(node, filter))
        )
    }

    /// How many of the items found come before that one; nil if it is not among them.
    public func place(
        ofSequence sequence: Int,
        in node: NodeRowID,
        matching filter: ArchiveFilter
    ) throws -> Int? {
        let arguments = Self.arguments(node, filter) + [sequence]
        let matching = Self.matching(filter)
        guard
            try count(
                "SELECT count(*) \(matching) AND sequence = ?",
                StatementArguments(arguments)
            ) == 1
        else { return nil }
        return try count(
            "SELECT count(*) \(matching) AND sequence < ?",
            StatementArguments(arguments)
        )
    }

    public func items(
        of node: NodeRowID,
        matching filter: ArchiveFilter,
        in range: Range<Int>
    ) throws -> [ItemRecord] {
        try rows(
            "SELECT \(ItemRecord.columns) \(Self.matching(filter)) ORDER BY sequence LIMIT ? OFFSET ?",
            StatementArguments(Self.arguments(node, filter) + [range.count, range.lowerBound]),
            ItemRecord.init
        )
    }

    /// Makes the item's words be found.
    func index(_ payload: Element?, of name: ItemID, in node: NodeRowID) throws {
        try run(
            """
            INSERT OR REPLACE INTO itemText (rowid, words)
            SELECT id, ? FROM item WHERE node = ? AND name = ?
            """,
            [payload?.allText ?? "", node.rawValue, name.rawValue]
        )
    }

    private static func matching(_ filter: ArchiveFilter) -> String {
        """
        FROM item WHERE node = ? AND publisher = coalesce(?, publisher)
            AND updatedAt >= coalesce(?, updatedAt) AND updatedAt <= coalesce(?, updatedAt)
        """
            + (filter.match == nil
                ? "" : " AND id IN (SELECT rowid FROM itemText WHERE itemText MATCH ?)")
    }

    private static func arguments(
        _ node: NodeRowID,
        _ filter: ArchiveFilter
    ) -> [(any DatabaseValueConvertible)?] {
        [
            node.rawValue, filter.publisher, filter.start?.timeIntervalSince1970,
            filter.end?.timeIntervalSince1970,
        ] + (filter.match.map { [$0] } ?? [])
    }
}

extension Element {
    /// The text in it and in all it holds, set apart by spaces.
    fileprivate var allText: String {
        children.map { node in
            switch node {
            case .text(let text): text
            case .element(let element): element.allText
            }
        }
        .joined(separator: " ")
    }
}
