import Delivery
import Localization
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
                await say(about: report.fanOut.id, of: report.node) { report.sentence(in: $0) }
                said[report.fanOut.id] = nil
            case .progress(let id, let sent, let total):
                guard let (item, node) = try await subject(of: id) else { return }
                await say(about: id, of: node) { texts in
                    texts(
                        "delivery.progress",
                        ["item": item, "sent": sent, "total": total, "node": node]
                    )
                }
            case .stuck(let id):
                guard let (item, node) = try await subject(of: id) else { return }
                try await keep(about: node) { texts in
                    texts("delivery.stuck", ["item": item, "node": node])
                }
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

    /// One message a delivery and room, which changes as long as nobody else speaks; a room that
    /// can't be told keeps it from no other.
    private func say(
        about id: FanOutRowID,
        of node: NodeID,
        _ text: (Texts) -> String
    ) async {
        guard let newsletter = newsletter(of: node) else { return }
        for room in rooms[newsletter.name] ?? [] {
            let address = room.configuration.room
            let text = text(DaemonTexts.all.texts(in: room.configuration.language))
            do {
                let message = try await room.update(text, insteadOf: said[id]?[address])
                said[id, default: [:]][address] = message
            } catch {
                logger.info(
                    "News of a delivery were not said",
                    metadata: ["room": "\(address)", "reason": "\(error)"]
                )
            }
        }
    }

    /// Lets the rooms hear it as soon as we are in them, which after a lost stream we are not yet.
    private func keep(about node: NodeID, _ text: (Texts) -> String) async throws {
        // Its sections too, of whose progress no room hears.
        let newsletter = newsletters.first { $0.allFeeds.contains { $0.node == node } }
        guard let newsletter else { return }
        let language = rooms[newsletter.name]?.first?.configuration.language ?? "en"
        let text = text(DaemonTexts.all.texts(in: language))
        try await store.write { try $0.addNotice(text, newsletter: newsletter.name) }
    }

    private func newsletter(of node: NodeID) -> Newsletter? {
        newsletters.first { newsletter in newsletter.feeds.contains { $0.node == node } }
    }

}

extension DeliveryReport {
    /// Says that it is done, and what it was.
    func sentence(in texts: Texts) -> String {
        let facts: [String: any CustomStringConvertible] = ["item": fanOut.item, "node": node]
        let news =
            switch fanOut.note.flatMap(FanOutNote.init) {
            case nil: texts("done.publication", count: fanOut.sent, facts)
            case .correction: texts("done.correction", count: fanOut.sent, facts)
            case .retraction: texts("done.retraction", count: fanOut.sent, facts)
            }
        var sentences = [news]
        if failures > 0 { sentences.append(texts("done.errors", ["count": failures])) }
        if let service = fanOut.usedService {
            sentences.append(
                fanOut.multicastEnd.map {
                    texts("done.multicast.ended", ["service": service, "reason": $0])
                } ?? texts("done.multicast", ["service": service])
            )
        }
        return sentences.joined(separator: " ")
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
            case .stuck:
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
