public import Foundation
internal import GRDB
import XML
public import XMPP

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

    /// The items that have all the words, each with the text around them.
    public func excerpts(of text: String, in node: NodeRowID) throws -> [ItemID: String] {
        guard let match = ArchiveFilter(text: text).match else { return [:] }
        let finds = try rows(
            """
            SELECT item.name, snippet(itemText, 0, '', '', '…', \(Self.excerptLength))
            FROM itemText JOIN item ON item.id = itemText.rowid
            WHERE itemText MATCH ? AND item.node = ?
            """,
            [match, node.rawValue]
        ) { row in
            (try row.word(at: 0, of: "item") as ItemID, row[1] as String)
        }
        return Dictionary(finds) { first, _ in first }
    }

    /// In words, as SQLite counts them; at most 64.
    private static let excerptLength = 16

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
