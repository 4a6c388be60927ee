public import Foundation
internal import GRDB
import XML
public import XMPP

/// What is still to be done for a newsletter at a service that is not its engine any more.
///
/// Nothing is done there as long as that is so. It is kept, since an engine may be called by a wrong
/// name for a while.
public struct EngineLeftover: Hashable, Sendable {
    public let newsletter: String
    public let service: JID
    /// How many changes of items, also those the service has refused.
    public let changes: Int
    /// How many readers were to be subscribed there, or no more; but for those it has refused.
    public let readers: Int
}

extension Transaction {
    /// What is left of newsletters anywhere but at these services, where something is done now.
    public func engineLeftovers(butAt services: [String: Set<JID>]) throws -> [EngineLeftover] {
        try rows(
            """
            SELECT newsletter, service, sum(isChange) AS changes, sum(NOT isChange) AS readers
            FROM (SELECT newsletter, service, 1 AS isChange FROM engineOperation
                UNION ALL SELECT newsletter, service, 0 FROM engineReader WHERE state <> 'refused')
            GROUP BY newsletter, service ORDER BY newsletter, service
            """
        ) { row in
            EngineLeftover(
                newsletter: row.text("newsletter"),
                service: try row.jid("service", of: "engineOperation"),
                changes: row.integer("changes"),
                readers: row.integer("readers")
            )
        }
        .filter { services[$0.newsletter]?.contains($0.service) != true }
    }

    /// Gives up all that is to be done for a newsletter at a service.
    public func dropEngineWork(of newsletter: String, at service: JID) throws {
        for table in ["engineOperation", "engineReader"] {
            try run(
                "DELETE FROM \(table) WHERE newsletter = ? AND service = ?",
                [newsletter, service.description]
            )
        }
    }

    /// Asks for the same at another service, items as they are by now, and drops the rest: what was to
    /// fill a node that was not there, and readers who were to be subscribed.
    ///
    /// That service may have the items, by a node that was filled since; so each is looked for before
    /// it is published, as if it had been sent.
    ///
    /// - Returns: how many changes of items, and how many endings of subscriptions, were passed on.
    public func passOnEngineWork(
        of newsletter: String,
        from former: JID,
        to service: JID,
        at date: Date
    ) throws -> (changes: Int, endings: Int) {
        var changes = 0
        for var target in try targets(of: newsletter, at: former, where: "isEarlier = 0") {
            guard try node(named: target.node) != nil else { continue }
            target.service = service
            try addEngineOperation(
                on: target,
                publishing: try presentPayload(of: target),
                at: date
            )
            try run(
                """
                UPDATE engineOperation SET state = 'sent'
                WHERE newsletter = ? AND service = ? AND nodeName = ? AND itemName = ?
                    AND state = 'waiting'
                """,
                Self.place(target)
            )
            changes += 1
        }
        // Who is to come home with it belongs to a move from the former service.
        let endings = try count(
            "SELECT count(*) FROM engineReader WHERE \(Self.isEnding)",
            [newsletter, former.description]
        )
        try run(
            "UPDATE engineReader SET service = ?3, state = 'waiting' WHERE \(Self.isEnding)",
            [newsletter, former.description, service.description]
        )
        try dropEngineWork(of: newsletter, at: former)
        return (changes, endings)
    }

    private static let isEnding = """
        newsletter = ?1 AND service = ?2 AND NOT isSubscribed AND local IS NULL AND state <> 'refused'
        """

    /// Brings up to date what waits for a service that was not the newsletter's engine for a while: what
    /// was corrected or withdrawn meanwhile must not come out as it was.
    public func renewEngineOperations(
        of newsletter: String,
        at service: JID,
        at date: Date
    ) throws {
        for target in try targets(of: newsletter, at: service, where: "state <> 'refused'") {
            guard try node(named: target.node) != nil else { continue }
            let present = try presentPayload(of: target)
            guard let last = try lastEngineOperation(on: target), try last.payload() != present
            else { continue }
            try addEngineOperation(on: target, publishing: present, at: date)
        }
    }

    /// Which items something is to be done to, in the order in which that was asked for first.
    private func targets(
        of newsletter: String,
        at service: JID,
        where condition: String
    ) throws -> [EngineTarget] {
        try rows(
            """
            SELECT nodeName, itemName FROM engineOperation
            WHERE newsletter = ? AND service = ? AND \(condition)
            GROUP BY nodeName, itemName ORDER BY min(id)
            """,
            [newsletter, service.description]
        ) { row in
            EngineTarget(
                newsletter: newsletter,
                service: service,
                node: try row.word("nodeName", of: "engineOperation"),
                item: try row.word("itemName", of: "engineOperation")
            )
        }
    }

    /// As it is at our own service; nil if it is not there.
    private func presentPayload(of target: EngineTarget) throws -> Element? {
        guard let record = try node(named: target.node) else { return nil }
        return try item(target.item, of: record.id)?.payloadElement()
    }
}
