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
        return try quickRow(
            "SELECT affiliation FROM affiliation WHERE node = ? AND jid = ?",
            [.integer(node.rawValue), .text(jid.bare.description)]
        ) { try $0.word(at: 0, of: "affiliation") } ?? .none
    }

    /// All of them, unless they are many, or one can't be read, which only its owner is to hear of.
    private func standings(with node: NodeRowID) throws -> NodeCache.Standings {
        var (all, areAll) = ([JID: PubSubAffiliation](), true)
        try quickRows(
            "SELECT jid, affiliation FROM affiliation WHERE node = ?",
            [.integer(node.rawValue)]
        ) { row in
            guard all.count < NodeCache.mostStandings,
                let jid = JID(prepared: row.text(at: 0)),
                let affiliation = PubSubAffiliation(rawValue: row.text(at: 1))
            else {
                areAll = false
                return false
            }
            all[jid] = affiliation
            return true
        }
        return areAll ? .few(all) : .many
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
