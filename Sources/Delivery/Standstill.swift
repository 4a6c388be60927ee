import Logging
import Storage

/// Which fan-outs do not get on, though they are written: on streams that break before they have gone
/// further than one goes back, the same readers would be written to for ever.
struct Standstill {
    /// On so many streams one after the other a fan-out may be written without getting on.
    private static let patience = 3

    private var places: [FanOutRowID: (cursor: SubscriptionRowID, streams: Int)] = [:]

    /// Takes where a fan-out stands after a stream it was written to; true if that was once too often,
    /// and it begins anew.
    mutating func isReached(by fanOut: FanOutRecord) -> Bool {
        let known = places[fanOut.id]
        let hasMoved = known.map { $0.cursor < fanOut.cursor } ?? true
        let streams = hasMoved ? 1 : (known?.streams ?? 0) + 1
        places[fanOut.id] = streams < Self.patience ? (fanOut.cursor, streams) : nil
        return streams >= Self.patience
    }
}

extension Dispatcher {
    /// Leaves fan-outs that do not get on to people.
    func holdWhatIsStuck() async throws {
        guard !written.isEmpty else { return }
        let unfinished = try await persistently("read how far deliveries are") { store in
            try await store.read { try $0.unfinishedFanOuts() }
        }
        let tried = unfinished.filter { written.contains($0.id) && $0.state != .held }
        written.removeAll()
        for fanOut in tried where standstill.isReached(by: fanOut) {
            _ = try await persistently("hold a delivery") { store in
                try await store.write { transaction in
                    // It may be what is handed to the service that the server does not bear.
                    if fanOut.multicast?.service != nil {
                        try transaction.endMulticast(of: fanOut.id, "\(MulticastEnd.unstable)")
                    }
                    return try transaction.holdFanOut(fanOut.id)
                }
            }
            logger.error(
                "A delivery is held, since no stream lasts until it has got on",
                metadata: fanOut.metadata.merging(["sent": "\(fanOut.sent)"]) { $1 }
            )
            await report(.stuck(fanOut.id))
        }
    }
}
