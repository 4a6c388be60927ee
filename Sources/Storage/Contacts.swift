public import Foundation
internal import GRDB
public import XMPP

/// One of our addresses among a reader's contacts (table `contact`).
public struct ContactRecord: Hashable, Sendable {
    /// The reader's bare address.
    public let jid: JID
    /// The bare address of ours.
    public let address: JID
    public let addedAt: Date
}

extension Transaction {
    /// Notes that the reader has our address as a contact; tells whether that is new.
    @discardableResult
    public func addContact(_ address: JID, of reader: JID, at date: Date) throws -> Bool {
        try changes(
            "INSERT INTO contact (jid, address, addedAt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [reader.bare.description, address.description, date.timeIntervalSince1970]
        ) == 1
    }

    /// Notes that the reader has removed our address; tells whether it was there.
    @discardableResult
    public func removeContact(_ address: JID, of reader: JID) throws -> Bool {
        try changes(
            "DELETE FROM contact WHERE jid = ? AND address = ?",
            [reader.bare.description, address.description]
        ) == 1
    }

    /// Whether the reader has any of our addresses as a contact.
    public func hasContact(_ reader: JID) throws -> Bool {
        try count(
            "SELECT EXISTS (SELECT 1 FROM contact WHERE jid = ?)",
            [reader.bare.description]
        ) > 0
    }

    public func contacts(of reader: JID) throws -> [ContactRecord] {
        try rows(
            "SELECT jid, address, addedAt FROM contact WHERE jid = ? ORDER BY address",
            [reader.bare.description],
            ContactRecord.init
        )
    }

    /// Some of all contacts, in the order of their addresses, after the one given.
    public func contacts(after last: ContactRecord?, atMost count: Int) throws -> [ContactRecord] {
        try rows(
            """
            SELECT jid, address, addedAt FROM contact WHERE (jid, address) > (?, ?)
            ORDER BY jid, address LIMIT ?
            """,
            [last?.jid.description ?? "", last?.address.description ?? "", count],
            ContactRecord.init
        )
    }
}

extension ContactRecord {
    init(_ row: Row) throws {
        jid = try row.jid(at: 0, of: "contact")
        address = try row.jid(at: 1, of: "contact")
        addedAt = row.date(at: 2)
    }
}
