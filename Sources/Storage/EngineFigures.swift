public import Foundation
internal import GRDB
public import XMPP

/// How many of a newsletter's operations at a service are in which state.
public struct EngineFigure: Hashable, Sendable {
    public let newsletter: String
    public let service: JID
    public let state: EngineOperation.State
    public let count: Int
    /// When the oldest of them was asked for.
    public let since: Date
}

extension Transaction {
    public func engineFigures() throws -> [EngineFigure] {
        try rows(
            """
            SELECT newsletter, service, state, count(*) AS number, min(createdAt) AS since
            FROM engineOperation GROUP BY newsletter, service, state
            """
        ) { row in
            EngineFigure(
                newsletter: row.text("newsletter"),
                service: try row.jid("service", of: "engineOperation"),
                state: try row.word("state", of: "engineOperation"),
                count: row.integer("number"),
                since: row.date("since")
            )
        }
    }

    /// How many readers are to be subscribed at a service, or no more, and are not yet.
    public func engineReadersWaiting(of newsletter: String, at service: JID) throws -> Int {
        try count(
            """
            SELECT count(*) FROM engineReader
            WHERE newsletter = ? AND service = ? AND state <> 'refused'
            """,
            [newsletter, service.description]
        )
    }
}
