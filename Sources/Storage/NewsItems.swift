public import Foundation
internal import GRDB

/// A piece of news that was collected for an issue (table `newsItem`).
public struct NewsItem: Hashable, Sendable {
    /// By which people name it; never used again.
    public let id: Int
    public let newsletter: String
    /// The section it belongs to, as the newsletter's taxonomy calls it; nil if nobody said.
    public var section: String?
    /// The web address it is about.
    public var address: String
    public var text: String
    /// Who told it; nil if nobody is to be named.
    public var contributor: String?
    /// Who collected it.
    public var collector: String
    public var collectedAt: Date
    /// The issue whose draft it went into; nil as long as it waits for one.
    public var issue: String?
}

/// What a piece of news will be, before it has a number.
public struct NewNewsItem: Hashable, Sendable {
    public var newsletter: String
    public var section: String?
    public var address: String
    /// The same for all spellings of one address.
    public var addressKey: String
    public var text: String
    public var contributor: String?
    public var collector: String

    public init(
        newsletter: String,
        section: String?,
        address: String,
        addressKey: String,
        text: String,
        contributor: String?,
        collector: String
    ) {
        self.newsletter = newsletter
        self.section = section
        self.address = address
        self.addressKey = addressKey
        self.text = text
        self.contributor = contributor
        self.collector = collector
    }
}

/// What became of a piece of news that was to be kept.
public enum NewsItemOutcome: Hashable, Sendable {
    case kept(NewsItem)
    /// The newsletter has one with the same address already.
    case duplicate(NewsItem)
}

extension Transaction {
    /// Keeps a piece of news, unless its newsletter has one with the same address.
    public func addNews(_ item: NewNewsItem, at date: Date) throws -> NewsItemOutcome {
        if let other = try newsItem(ofAddress: item.addressKey, newsletter: item.newsletter) {
            return .duplicate(other)
        }
        try run(
            """
            INSERT INTO newsItem (newsletter, section, address, addressKey, text, contributor,
                collector, collectedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                item.newsletter, item.section, item.address, item.addressKey, item.text,
                item.contributor, item.collector, date.timeIntervalSince1970,
            ]
        )
        return .kept(
            NewsItem(
                id: Int(database.lastInsertedRowID),
                newsletter: item.newsletter,
                section: item.section,
                address: item.address,
                text: item.text,
                contributor: item.contributor,
                collector: item.collector,
                collectedAt: date,
                issue: nil
            )
        )
    }

    public func newsItem(_ id: Int) throws -> NewsItem? {
        try row("SELECT * FROM newsItem WHERE id = ?", [id], NewsItem.init)
    }

    /// The newsletter's pieces of news that are in no draft yet, or in that of one issue, in the order
    /// they came.
    public func waitingNews(newsletter: String, orIn issue: String? = nil) throws -> [NewsItem] {
        try rows(
            """
            SELECT * FROM newsItem WHERE newsletter = ? AND (issue IS NULL OR issue = ?) ORDER BY id
            """,
            [newsletter, issue],
            NewsItem.init
        )
    }

    /// Gives a piece of news another text and address; tells whether the newsletter has another one
    /// with that address, in which case nothing is changed.
    public func changeNews(
        _ id: Int,
        text: String,
        address: String,
        addressKey: String
    ) throws -> NewsItem? {
        guard let item = try newsItem(id) else { return nil }
        let other = try newsItem(ofAddress: addressKey, newsletter: item.newsletter)
        if let other, other.id != id { return other }
        try run(
            "UPDATE newsItem SET text = ?, address = ?, addressKey = ? WHERE id = ?",
            [text, address, addressKey, id]
        )
        return nil
    }

    public func moveNews(_ id: Int, to section: String?) throws {
        try run("UPDATE newsItem SET section = ? WHERE id = ?", [section, id])
    }

    public func dropNews(_ id: Int) throws {
        try run("DELETE FROM newsItem WHERE id = ?", [id])
    }

    /// Notes into which issue's draft pieces of news go; nil lets them wait again.
    public func assignNews(_ ids: [Int], to issue: String?) throws {
        for id in ids {
            try run("UPDATE newsItem SET issue = ? WHERE id = ?", [issue, id])
        }
    }

    private func newsItem(ofAddress key: String, newsletter: String) throws -> NewsItem? {
        try row(
            "SELECT * FROM newsItem WHERE newsletter = ? AND addressKey = ?",
            [newsletter, key],
            NewsItem.init
        )
    }
}

extension NewsItem {
    init(_ row: Row) throws {
        id = row.integer("id")
        newsletter = row.text("newsletter")
        section = row.optionalText("section")
        address = row.text("address")
        text = row.text("text")
        contributor = row.optionalText("contributor")
        collector = row.text("collector")
        collectedAt = row.date("collectedAt")
        issue = row.optionalText("issue")
    }
}
