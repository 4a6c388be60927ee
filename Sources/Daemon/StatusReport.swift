import Delivery
import Foundation
import Localization
import Newsroom
import PubSub
import Publishing
import Storage
import XMPP

/// What `status` says: the stream, the rooms, the readers, and what is on its way.
struct StatusReport: Sendable {
    let domain: JID
    /// Where the server is found; all its addresses.
    let server: String
    let link: StreamLink
    let twinCheck: TwinCheck
    let rooms: [RoomService]
    let newsletters: [Newsletter]
    let store: Store

    /// The facts, with the sentences among them in that language.
    func facts(in language: String = "en") async throws -> StatusFacts {
        let texts = DaemonTexts.all.texts(in: language)
        var rooms: [StatusFacts.Room] = []
        for room in self.rooms {
            let status = await room.status
            var isJoined = false
            if case .joined = status { isJoined = true }
            rooms.append(
                .init(
                    room: "\(room.configuration.room)",
                    isJoined: isJoined,
                    text: status.text(in: language)
                )
            )
        }
        let (nodes, deliveries, engines, moves) = try await store.read { transaction in
            (
                try self.nodes(transaction), try self.deliveries(transaction),
                try self.engines(transaction),
                try newsletters.compactMap { try EngineMoveReport(of: $0, transaction) }
            )
        }
        return StatusFacts(
            isConnected: await link.stream != nil,
            stream: await streamLine(texts),
            hasTwin: await twinCheck.hasTwin,
            rooms: rooms,
            nodes: nodes,
            deliveries: deliveries,
            engines: engines,
            moves: moves
        )
    }

    func lines(in language: String) async throws -> [String] {
        let texts = DaemonTexts.all.texts(in: language)
        let facts = try await facts(in: language)
        var lines = [facts.stream]
        if facts.hasTwin { lines.append(texts("status.twin", ["domain": domain])) }
        lines += facts.rooms.map { "\($0.room): \($0.text)" }
        lines += newsletters.map { newsletter in
            let own = Set(newsletter.allFeeds.map(\.node.rawValue))
            let counts = facts.nodes.filter { own.contains($0.node) }.map { $0.count(in: texts) }
            return texts(
                "status.readers",
                ["newsletter": newsletter.title, "nodes": counts.joined(separator: ", ")]
            )
        }
        lines += facts.engines.flatMap { $0.sentences(in: texts) }
        lines += facts.moves.flatMap { move in
            let title = newsletters.first { $0.name == move.newsletter }?.title
            return move.sentences(titled: title ?? move.newsletter, in: texts)
        }
        lines += facts.deliveries.map { $0.sentence(in: texts) }
        return lines + (facts.deliveries.isEmpty ? [texts("status.nothing")] : [])
    }

    /// Whether the stream is open and we are in all rooms.
    var isReady: Bool {
        get async {
            guard await link.stream != nil else { return false }
            return await rooms.joined == rooms.count
        }
    }

    /// The stream and the rooms in one sentence, which needs no database.
    var summary: String {
        get async {
            let stream = await streamLine(DaemonTexts.english)
            let joined = await rooms.joined
            return rooms.isEmpty ? stream : stream + " In \(joined) of \(rooms.count) rooms."
        }
    }

    private func streamLine(_ texts: Texts) async -> String {
        let failure = await link.failure
        let attempt = failure.map { " " + texts("status.attempt", ["reason": $0]) } ?? ""
        return switch await link.state {
        case .notYetOpened:
            texts("status.notYet", ["server": server]) + attempt
        case .open(let date):
            texts(
                "status.open",
                [
                    "server": await link.stream?.server?.description ?? server, "domain": domain,
                    "moment": Self.moment(date),
                ]
            )
        case .ended(let end, let date):
            texts("status.ended", ["moment": Self.moment(date), "reason": end]) + attempt
        }
    }

    private func nodes(_ transaction: Transaction) throws -> [StatusFacts.Node] {
        try newsletters.flatMap(\.allFeeds).map { feed in
            let node = try transaction.node(named: feed.node)
            return .init(
                node: feed.node.rawValue,
                readers: try node.map { try transaction.subscriptionCount(of: $0.id) } ?? 0,
                suspended: try node.map { try transaction.suspendedCount(of: $0.id) } ?? 0
            )
        }
    }

    private func deliveries(_ transaction: Transaction) throws -> [StatusFacts.Delivery] {
        try transaction.unfinishedPublicFanOuts().map { fanOut in
            .init(
                item: fanOut.item.rawValue,
                node: try transaction.node(fanOut.node)?.name.rawValue ?? "a deleted node",
                isHeld: fanOut.state == .held,
                sent: fanOut.sent,
                total: fanOut.total,
                failed: try transaction.exceptionCount(of: fanOut.id, kind: .failed),
                triedAgain: try transaction.exceptionCount(of: fanOut.id, kind: .retry)
            )
        }
    }

    /// Those of the configuration, and those where something is left to do.
    private func engines(_ transaction: Transaction) throws -> [StatusFacts.Engine] {
        let backlogs = try transaction.engineBacklogs()
        func engine(_ name: String, _ service: JID, isCurrent: Bool) throws -> StatusFacts.Engine {
            let backlog = backlogs.first { $0.newsletter == name && $0.service == service }
            return StatusFacts.Engine(
                newsletter: name,
                service: service.description,
                isCurrent: isCurrent,
                hasSuccessor: !isCurrent
                    && newsletters.contains { $0.name == name && $0.engine != nil },
                waiting: backlog?.waiting ?? 0,
                refused: backlog?.refused ?? 0,
                readers: try transaction.engineReadersWaiting(of: name, at: service),
                since: backlog?.since,
                reason: backlog?.reason
            )
        }
        let current = try newsletters.compactMap { newsletter in
            try newsletter.engine.map { try engine(newsletter.name, $0, isCurrent: true) }
        }
        // Those of newsletters that have come back, until their nodes there are deleted.
        let former = try FormerEngines(moves: transaction.engineMoves())
        let leaving = try newsletters.compactMap { newsletter in
            try former[newsletter].map { try engine(newsletter.name, $0, isCurrent: true) }
        }
        .filter { $0.waiting + $0.refused + $0.readers > 0 }
        let places = EngineLeftovers.places(of: newsletters, former)
        let left = try transaction.engineLeftovers(butAt: places).map {
            try engine($0.newsletter, $0.service, isCurrent: false)
        }
        return current + leaving + left
    }

    fileprivate static func moment(_ date: Date) -> String {
        DateTime(date).description
    }
}

extension StatusFacts.Node {
    fileprivate func count(in texts: Texts) -> String {
        let count = "\(node) \(readers)"
        return suspended > 0
            ? texts("status.suspended", ["readers": count, "count": suspended]) : count
    }
}

extension StatusFacts.Engine {
    func sentences(in texts: Texts) -> [String] {
        let facts: [String: any CustomStringConvertible] = [
            "newsletter": newsletter, "service": service,
            "since": since.map(StatusReport.moment) ?? "",
        ]
        let reason = reason.map { " " + $0 } ?? ""
        guard isCurrent else { return leftover(in: texts, facts) }
        let known = texts("status.engine.readers", facts)
        guard waiting + refused + readers > 0 else {
            return [texts("status.engine", facts) + " " + known]
        }
        let lines = [
            waiting > 0 ? texts("status.engine.waiting", count: waiting, facts) + reason : nil,
            refused > 0 ? texts("status.engine.refused", count: refused, facts) : nil,
            readers > 0 ? texts("status.engine.readersWaiting", count: readers, facts) : nil,
            known,
        ]
        return lines.compactMap { $0 }
    }

    private func leftover(
        in texts: Texts,
        _ facts: [String: any CustomStringConvertible]
    ) -> [String] {
        let changes = waiting + refused
        let lines = [
            changes > 0 ? texts("status.engine.left", count: changes, facts) : nil,
            readers > 0 ? texts("status.engine.leftReaders", count: readers, facts) : nil,
            texts("status.engine.forget", facts),
            hasSuccessor ? texts("status.engine.passOn", facts) : nil,
        ]
        return lines.compactMap { $0 }
    }
}

extension StatusFacts.Delivery {
    func sentence(in texts: Texts) -> String {
        let failed = failed > 0 ? texts("delivery.failed", ["count": failed]) : ""
        let again = triedAgain > 0 ? texts("delivery.triedAgain", count: triedAgain) : ""
        let facts: [String: any CustomStringConvertible] = [
            "item": item, "node": node, "sent": sent, "total": total, "trouble": failed + again,
        ]
        return isHeld ? texts("delivery.held", facts) : texts("delivery.running", facts)
    }
}

extension [RoomService] {
    /// How many of the rooms we are in.
    var joined: Int {
        get async {
            var joined = 0
            for room in self {
                if case .joined = await room.status { joined += 1 }
            }
            return joined
        }
    }
}
