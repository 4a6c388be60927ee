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

    func lines() async throws -> [String] {
        var lines = [await streamLine()]
        if await twinCheck.hasTwin {
            lines.append(
                "Another component of \(domain) is connected and gets part of our stanzas. "
                    + "Stop one of them."
            )
        }
        for room in rooms {
            let status = await room.status
            lines.append("\(room.configuration.room): \(status)")
        }
        lines += try await store.read { transaction in
            try newsletters.map { try readers(of: $0, in: transaction) }
        }
        lines += try await deliveryLines()
        return lines
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

    private func readers(
        of newsletter: Newsletter,
        in transaction: borrowing Transaction
    ) throws -> String {
        let counts = try newsletter.allFeeds.map { feed in
            let node = try transaction.node(named: feed.node)
            let count = try node.map { try transaction.subscriptionCount(of: $0.id) } ?? 0
            let suspended = try node.map { try transaction.suspendedCount(of: $0.id) } ?? 0
            return "\(feed.node) \(count)" + (suspended > 0 ? " (\(suspended) suspended)" : "")
        }
        return "\(newsletter.title), readers: \(counts.joined(separator: ", "))."
    }

    private func deliveryLines() async throws -> [String] {
        let lines = try await store.read { transaction in
            try transaction.unfinishedFanOuts().map { fanOut in
                let node = try transaction.node(fanOut.node)?.name.rawValue ?? "a deleted node"
                let failed = try transaction.exceptionCount(of: fanOut.id, kind: .failed)
                let again = try transaction.exceptionCount(of: fanOut.id, kind: .retry)
                return (fanOut.state == .held ? "Held: " : "On its way: ")
                    + "\(fanOut.item) to \(node), "
                    + "\(fanOut.sent) of \(fanOut.total) readers have it"
                    + (failed > 0 ? ", \(failed) failed" : "")
                    + (again > 0 ? ", \(again) are tried again" : "") + "."
            }
        }
        return lines.isEmpty ? ["Nothing is on its way."] : lines
    }

    private static func moment(_ date: Date) -> String {
        DateTime(date).description
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
