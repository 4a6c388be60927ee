import Delivery
import Foundation
import Newsroom
import PubSub
import Publishing
import Storage
import XMPP

/// What `status` says: the stream, the rooms, the readers, and what is on its way.
struct StatusReport: Sendable {
    let domain: JID
    let server: String
    let link: StreamLink
    let twinCheck: TwinCheck
    let rooms: [RoomService]
    let newsletters: [Newsletter]
    let store: Store

    func facts() async throws -> StatusFacts {
        var rooms: [StatusFacts.Room] = []
        for room in self.rooms {
            let status = await room.status
            var isJoined = false
            if case .joined = status { isJoined = true }
            rooms.append(
                .init(
                    room: "\(room.configuration.room)",
                    isJoined: isJoined,
                    text: "\(status)"
                )
            )
        }
        let (nodes, deliveries) = try await store.read { transaction in
            (try self.nodes(transaction), try self.deliveries(transaction))
        }
        return StatusFacts(
            isConnected: await link.stream != nil,
            stream: await streamLine(),
            hasTwin: await twinCheck.hasTwin,
            rooms: rooms,
            nodes: nodes,
            deliveries: deliveries
        )
    }

    func lines() async throws -> [String] {
        let facts = try await facts()
        var lines = [facts.stream]
        if facts.hasTwin {
            lines.append(
                "Another component of \(domain) is connected and gets part of our stanzas. "
                    + "Stop one of them."
            )
        }
        lines += facts.rooms.map { "\($0.room): \($0.text)" }
        lines += newsletters.map { newsletter in
            let own = Set(newsletter.allFeeds.map(\.node.rawValue))
            let counts = facts.nodes.filter { own.contains($0.node) }.map(\.sentence)
            return "\(newsletter.title), readers: \(counts.joined(separator: ", "))."
        }
        lines += facts.deliveries.map(\.sentence)
        return lines + (facts.deliveries.isEmpty ? ["Nothing is on its way."] : [])
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
            let stream = await streamLine()
            let joined = await rooms.joined
            return rooms.isEmpty ? stream : stream + " In \(joined) of \(rooms.count) rooms."
        }
    }

    private func streamLine() async -> String {
        let attempt = await link.failure.map { " The last attempt: \($0)" } ?? ""
        return switch await link.state {
        case .notYetOpened:
            "Not connected to \(server) yet." + attempt
        case .open(let date):
            "Connected to \(server) as \(domain) since \(Self.moment(date))."
        case .ended(let end, let date):
            "Not connected since \(Self.moment(date)): \(end)" + attempt
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
        try transaction.unfinishedFanOuts().map { fanOut in
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

    private static func moment(_ date: Date) -> String {
        DateTime(date).description
    }
}

extension StatusFacts.Node {
    fileprivate var sentence: String {
        "\(node) \(readers)" + (suspended > 0 ? " (\(suspended) suspended)" : "")
    }
}

extension StatusFacts.Delivery {
    package var sentence: String {
        (isHeld ? "Held: " : "On its way: ")
            + "\(item) to \(node), \(sent) of \(total) readers have it"
            + (failed > 0 ? ", \(failed) failed" : "")
            + (triedAgain > 0 ? ", \(triedAgain) are tried again" : "") + "."
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
