import Delivery
import Logging
import Newsroom
import PubSub
import Publishing
import Storage
import Synchronization
import XMPP

/// Tells the newsroom's rooms how an issue gets on to its readers, and when it has reached them.
actor DeliveryNews {
    private let newsletters: [Newsletter]
    /// The rooms in which each newsletter is made, by its name.
    private let rooms: [String: [RoomService]]
    private let store: Store
    private let logger: Logger
    /// What was said last about a delivery, in each room.
    private var said: [FanOutRowID: [JID: String]] = [:]

    init(
        newsletters: [Newsletter],
        rooms: [String: [RoomService]],
        store: Store,
        logger: Logger
    ) {
        self.newsletters = newsletters
        self.rooms = rooms
        self.store = store
        self.logger = logger
    }

    /// Says it, if there was anybody to deliver to.
    func tell(_ event: DeliveryEvent) async {
        do {
            switch event {
            case .finished(let report):
                guard report.fanOut.total > 0 else { return }
                try await say(Self.sentence(report), about: report.fanOut.id, of: report.node)
                said[report.fanOut.id] = nil
            case .progress(let id, let sent, let total):
                guard let (item, node) = try await subject(of: id) else { return }
                let text = "On its way: \(item) has gone to \(sent) of \(total) readers of \(node)."
                try await say(text, about: id, of: node)
            }
        } catch {
            logger.info("News of a delivery were not said", metadata: ["reason": "\(error)"])
        }
    }

    /// What is delivered, as long as it is.
    private func subject(of id: FanOutRowID) async throws -> (item: ItemID, node: NodeID)? {
        try await store.read { transaction in
            guard let fanOut = try transaction.fanOut(id), fanOut.state.isUnfinished,
                let node = try transaction.node(fanOut.node)
            else { return nil }
            return (fanOut.item, node.name)
        }
    }

    /// One message a delivery and room, which changes as long as nobody else speaks.
    private func say(_ text: String, about id: FanOutRowID, of node: NodeID) async throws {
        guard let newsletter = newsletter(of: node) else { return }
        for room in rooms[newsletter.name] ?? [] {
            let address = room.configuration.room
            let message = try await room.update(text, insteadOf: said[id]?[address])
            said[id, default: [:]][address] = message
        }
    }

    private func newsletter(of node: NodeID) -> Newsletter? {
        newsletters.first { newsletter in newsletter.feeds.contains { $0.node == node } }
    }

    private static func sentence(_ report: DeliveryReport) -> String {
        let readers = report.fanOut.sent == 1 ? "1 reader" : "\(report.fanOut.sent) readers"
        let (item, place) = (report.fanOut.item, report.node)
        let news =
            switch report.fanOut.note.flatMap(FanOutNote.init) {
            case nil: "\(item) has gone to \(readers) of \(place)."
            case .correction: "the correction of \(item) has gone to \(readers) of \(place)."
            case .retraction: "\(readers) of \(place) were told that \(item) is withdrawn."
            }
        let failures =
            report.failures == 0 ? "" : " Errors came back from \(report.failures) of them."
        return "Done: \(news)\(failures)"
    }
}

/// Lets the progress of each delivery be told only so often; its end always.
///
/// What takes less than one interval is told only when it is done.
final class ProgressRhythm: Sendable {
    private let interval: Duration
    private let last = Mutex<[FanOutRowID: Duration]>([:])

    init(interval: Duration) {
        self.interval = interval
    }

    /// Whether the event is to be told, at a moment that counts from any origin.
    func isDue(_ event: DeliveryEvent, at now: Duration) -> Bool {
        last.withLock { last in
            switch event {
            case .finished(let report):
                last[report.fanOut.id] = nil
                return true
            case .progress(let id, let sent, let total):
                guard let before = last[id] else {
                    last[id] = now
                    return false
                }
                guard sent < total, now - before >= interval else { return false }
                last[id] = now
                return true
            }
        }
    }
}
