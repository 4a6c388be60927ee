internal import GRDB
public import XMPP

/// A person's standing with a node (table `affiliation`); none is no row.
public struct AffiliationRecord: Hashable, Sendable {
    public let node: NodeRowID
    public let jid: JID
    public let affiliation: PubSubAffiliation
}

extension Transaction {
    /// The standing of the bare address with the node.
    public func affiliation(of jid: JID, with node: NodeRowID) throws -> PubSubAffiliation {
        if case .few(let all)? = try cache.standings(
            with: node,
            reading: { try standings(with: node) }
        ) {
            return all[jid.bare] ?? .none
        }
        let word = try quickRow(
            "SELECT affiliation FROM affiliation WHERE node = ? AND jid = ?",
            [.integer(node.rawValue), .text(jid.bare.description)]
        ) { $0.text(at: 0) }
        return try word.map(Self.affiliation) ?? .none
    }

    private func standings(with node: NodeRowID) throws -> NodeCache.Standings {
        var all: [JID: PubSubAffiliation] = [:]
        try quickRows(
            "SELECT jid, affiliation FROM affiliation WHERE node = ? LIMIT ?",
            [.integer(node.rawValue), .integer(Int64(NodeCache.mostStandings) + 1)]
        ) { row in
            let address = row.text(at: 0)
            guard let jid = JID(prepared: address) else {
                throw StoreError.unreadable(table: "affiliation", value: address)
            }
            all[jid] = try Self.affiliation(row.text(at: 1))
            return true
        }
        return all.count > NodeCache.mostStandings ? .many : .few(all)
    }

    private static func affiliation(_ word: String) throws -> PubSubAffiliation {
        guard let affiliation = PubSubAffiliation(rawValue: word) else {
            throw StoreError.unreadable(table: "affiliation", value: word)
        }
        return affiliation
    }

    public func affiliations(of jid: JID) throws -> [AffiliationRecord] {
        try rows(
            "SELECT * FROM affiliation WHERE jid = ? ORDER BY node",
            [jid.bare.description],
            AffiliationRecord.init
        )
    }

    public func affiliations(with node: NodeRowID) throws -> [AffiliationRecord] {
        try rows(
            "SELECT * FROM affiliation WHERE node = ? ORDER BY jid",
            [node.rawValue],
            AffiliationRecord.init
        )
    }

    public func setAffiliation(
        _ affiliation: PubSubAffiliation,
        of jid: JID,
        with node: NodeRowID
    ) throws {
        cache.beginChange()
        if affiliation == .none {
            try run(
                "DELETE FROM affiliation WHERE node = ? AND jid = ?",
                [node.rawValue, jid.bare.description]
            )
        } else {
            try run(
                """
                INSERT INTO affiliation (node, jid, affiliation) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET affiliation = excluded.affiliation
                """,
                [node.rawValue, jid.bare.description, affiliation.rawValue]
            )
        }
    }
}

extension AffiliationRecord {
    init(_ row: Row) throws {
        node = try row.rowID("node", of: "affiliation")
        jid = try row.jid("jid", of: "affiliation")
        affiliation = try row.word("affiliation", of: "affiliation")
    }
}
