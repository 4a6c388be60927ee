import Foundation
import Logging
import Storage

extension Dispatcher {
    /// Closes a fan-out that has reached all its readers, and says so.
    ///
    /// Nothing happens if it was cancelled, or its node deleted, in the meantime.
    func finish(_ id: FanOutRowID) async throws {
        let (date, steady) = (now(), time.now)
        let finished = try await persistently("finish a delivery") { store in
            try await store.write { transaction -> DeliveryReport? in
                guard try transaction.finishFanOut(id, at: date),
                    let fanOut = try transaction.fanOut(id),
                    let node = try transaction.node(fanOut.node)
                else { return nil }
                try transaction.noteEnd(of: fanOut, at: steady)
                return DeliveryReport(
                    fanOut: fanOut,
                    node: node.name,
                    failures: try transaction.returnedCount(of: id),
                    seconds: max(0, date.timeIntervalSince(fanOut.createdAt))
                )
            }
        }
        usedMulticast.remove(id)
        guard let finished else { return }
        logger.log(
            // A node without readers is no news.
            level: finished.fanOut.total > 0 ? .info : .debug,
            "Delivered",
            metadata: finished.fanOut.metadata.merging(
                [
                    "node": "\(finished.node)",
                    "readers": "\(finished.fanOut.sent)",
                    "failures": "\(finished.failures)",
                    "seconds": "\((finished.seconds * 1000).rounded() / 1000)",
                    "per-second": "\(Int(finished.rate))",
                ].merging(finished.fanOut.multicastMetadata) { $1 }
            ) { $1 }
        )
        await report(.finished(finished))
    }

    /// How long a finished fan-out may still be gone back into, at least.
    var settlingTime: TimeInterval {
        settings.rewind.seconds + DeliverySettings.settlingPatience.seconds
    }

    /// What the server had read by then it had put into safety before it can have died, by the steady
    /// time; nil if that is not known, or something is still to be taken back.
    var safeUntil: Date? {
        guard loss == nil else { return nil }
        return lastLife.map { $0 - settings.rewind.seconds }
    }

    /// Forgets what only serves to go back into fan-outs that finished long ago.
    ///
    /// With that a crash, whenever it comes, repeats nothing of them. But a server of which nothing has
    /// been heard since may be dead already.
    func settle() async throws {
        lastLife = await life(of: stream)
        guard let safeUntil else { return }
        let settled = min(time.now - settlingTime, safeUntil)
        let silence = (time.now - settlingTime).timeIntervalSince(settled)
        let today = now()
        let date = today - silence
        try await persistently("forget what is no longer needed") { [settlingTime] store in
            try await store.write { transaction in
                try transaction.mendEnds(at: today)
                try transaction.pruneFanOuts(
                    acknowledgedBefore: settled,
                    writtenBefore: date - DeliverySettings.errorPatience.seconds
                )
                try transaction.pruneNodes(deletedBefore: date - settlingTime)
            }
        }
    }

    /// Does it again, after growing pauses, as long as only the database is the obstacle.
    ///
    /// A full disk or a locked file is for an operator to clear; the delivery then goes on where it
    /// is, without writing anything to anybody twice.
    func persistently<Value: Sendable>(
        _ what: String,
        _ body: (Store) async throws -> Value
    ) async throws -> Value {
        var pause = Duration.milliseconds(500)
        while true {
            do {
                return try await body(store)
            } catch let error as StoreError {
                logger.error(
                    "Could not \(what); will try again",
                    metadata: ["error": "\(error)", "in": "\(pause)"]
                )
                try await clock.sleep(for: pause)
                pause = min(pause * 2, .seconds(30))
            }
        }
    }
}
