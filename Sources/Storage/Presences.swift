public import Foundation
internal import GRDB
public import XMPP

/// What one of a reader's clients has last shown of itself (table `presence`).
public struct KnownPresence: Hashable, Sendable {
    /// The full address; bare if that is what it came from.
    public let client: JID
    /// Nil if it has gone.
    public let show: Presence.Show?
    public let heardAt: Date
    /// How long that is believed.
    public let until: Date

    public init(client: JID, show: Presence.Show?, heardAt: Date, until: Date) {
        self.client = client
        self.show = show
        self.heardAt = heardAt
        self.until = until
    }

    /// Whether the client is one that reads by that subscription.
    public func isOf(_ subscriber: JID) -> Bool {
        subscriber.isBare ? client.bare == subscriber : client == subscriber
    }
}

extension Transaction {
    /// What is known of a reader's clients at that moment, also of those that have gone.
    public func presences(of reader: JID, at date: Date) throws -> [KnownPresence] {
        try rows(
            """
            SELECT jid, show, heardAt, until FROM presence
            WHERE \(Self.isOfReader) AND until > ?2 ORDER BY jid
            """,
            [reader.bare.description, date.timeIntervalSince1970],
            KnownPresence.init
        )
    }

    /// Takes the place of what was known of the client.
    public func setPresence(_ presence: KnownPresence) throws {
        try run(
            "INSERT OR REPLACE INTO presence (jid, show, heardAt, until) VALUES (?, ?, ?, ?)",
            [
                presence.client.description, presence.show?.rawValue,
                presence.heardAt.timeIntervalSince1970, presence.until.timeIntervalSince1970,
            ]
        )
    }

    /// Forgets one client, and no other of the same reader.
    public func forgetPresence(of client: JID) throws {
        try run("DELETE FROM presence WHERE jid = ?", [client.description])
    }

    public func forgetPresences(of reader: JID) throws {
        try run("DELETE FROM presence WHERE \(Self.isOfReader)", [reader.bare.description])
    }

    /// Forgets what is no longer believed, and what was known of those who read nothing any more.
    public func prunePresences(at date: Date) throws {
        try run("DELETE FROM presence WHERE until <= ?", [date.timeIntervalSince1970])
        try run(
            """
            DELETE FROM presence WHERE jid IN (
                SELECT client.jid
                FROM (SELECT jid, substr(jid, 1, instr(jid || '/', '/') - 1) AS bare FROM presence)
                    AS client
                WHERE NOT EXISTS (
                    SELECT 1 FROM subscription AS reader
                    WHERE reader.jid = client.bare
                        OR reader.jid > client.bare || '/' AND reader.jid < client.bare || '0'))
            """
        )
    }
}

extension KnownPresence {
    init(_ row: Row) throws {
        client = try row.jid("jid", of: "presence")
        show = row.optionalText("show").flatMap(Presence.Show.init)
        heardAt = row.date("heardAt")
        until = row.date("until")
    }
}
