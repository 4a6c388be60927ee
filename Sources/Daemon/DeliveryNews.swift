import Delivery
import Logging
import Newsroom
import PubSub
import Publishing
import XMPP

/// Tells the newsroom's rooms when an issue has reached its readers.
struct DeliveryNews: Sendable {
    let newsletters: [Newsletter]
    /// The rooms in which each newsletter is made, by its name.
    let rooms: [String: [RoomService]]
    let logger: Logger

    /// Says it, if there was anybody to deliver to.
    func tell(_ report: DeliveryReport) async {
        guard report.fanOut.total > 0 else { return }
        do {
            guard let newsletter = newsletter(of: report.node) else { return }
            for room in rooms[newsletter.name] ?? [] {
                try await room.say(Self.sentence(report))
            }
        } catch {
            logger.info("The end of a delivery was not said", metadata: ["reason": "\(error)"])
        }
    }

    private func newsletter(of node: NodeID) -> Newsletter? {
        newsletters.first { newsletter in newsletter.feeds.contains { $0.node == node } }
    }

    private static func sentence(_ report: DeliveryReport) -> String {
        let readers = report.fanOut.sent == 1 ? "1 reader" : "\(report.fanOut.sent) readers"
        let place = report.node
        let news =
            switch report.fanOut.note.flatMap(FanOutNote.init) {
            case nil: "\(report.fanOut.item) has gone to \(readers) of \(place)."
            case .correction: "\(readers) of \(place) have the correction of \(report.fanOut.item)."
            case .retraction: "\(readers) of \(place) know that \(report.fanOut.item) is withdrawn."
            }
        let failures =
            report.failures == 0 ? "" : " Errors came back from \(report.failures) of them."
        return "Done: \(news)\(failures)"
    }
}
