import Component
import Foundation
import Storage

/// The delivery on one stream: write, wait for the barrier, store, go on.
extension Dispatcher {
    private enum Arrival: Sendable {
        case answered(Int)
        /// The fan-outs as they are after their cursors moved, and the ids of those that are over.
        case stored([FanOutRecord], over: [FanOutRowID])
    }

    /// Delivers until nothing is left to be written, read or stored.
    func deliver(on stream: any StanzaStream) async throws {
        try await withThrowingTaskGroup(of: Arrival.self) { arrivals in
            var window = BarrierWindow(capacity: settings.window)
            var rotation = Rotation()
            var messages = MessageWriter()
            while true {
                if hasNews {
                    try await update(&rotation)
                } else if window.hasRoom, let turn = rotation.next() {
                    let batch = try await nextBatch(turn.fanOut, after: turn.position, &messages)
                    rotation.read(batch, of: turn.fanOut.id, limit: settings.batchSize)
                    guard let last = batch.last else { continue }
                    try await messages.write(batch, of: turn.fanOut, to: stream)
                    let number = window.wrote(
                        upTo: last.subscription,
                        count: batch.count,
                        of: turn.fanOut.id
                    )
                    arrivals.addTask { [barrier] in
                        try await barrier.pass(on: stream)
                        return .answered(number)
                    }
                } else if let done = rotation.exhausted.first(where: { !window.contains($0) }) {
                    try await finish(done)
                    rotation.remove(done)
                    messages.forget(done)
                } else if let arrival = try await arrivals.next() {
                    await handle(arrival, &window, &rotation)
                    let places = window.beginStoring()
                    if !places.isEmpty {
                        arrivals.addTask { try await self.acknowledge(places) }
                    }
                } else {
                    return
                }
            }
        }
    }

    private func handle(
        _ arrival: Arrival,
        _ window: inout BarrierWindow,
        _ rotation: inout Rotation
    ) async {
        switch arrival {
        case .answered(let number):
            window.barrierAnswered(number)
        case .stored(let fanOuts, let over):
            window.endStoring()
            over.forEach { rotation.remove($0) }
            for fanOut in fanOuts {
                await report(.progress(fanOut.id, sent: fanOut.sent, total: fanOut.total))
            }
        }
    }

    private func update(_ rotation: inout Rotation) async throws {
        hasNews = false
        rotation.update(
            try await persistently("read what is to be delivered") { store in
                try await store.read { try $0.unfinishedFanOuts() }
            }
        )
    }

    private func nextBatch(
        _ fanOut: FanOutRecord,
        after position: SubscriptionRowID,
        _ messages: inout MessageWriter
    ) async throws -> [Recipient] {
        let limit = settings.batchSize
        let isNew = !messages.knows(fanOut.id)
        let (variants, recipients) = try await persistently("read the next readers") { store in
            try await store.read { transaction in
                (
                    isNew ? try transaction.variants(of: fanOut.id) : [],
                    try transaction.recipients(of: fanOut, after: position, limit: limit)
                )
            }
        }
        if isNew { messages.learn(variants, of: fanOut) }
        return recipients
    }

    private func acknowledge(_ places: [BarrierWindow.Acknowledgement]) async throws -> Arrival {
        let date = now()
        let horizon =
            date - settings.rewind.seconds - DeliverySettings.silenceAllowance.seconds
        let records = try await persistently("store how far a delivery is") { store in
            try await store.write { transaction in
                try places.map { place in
                    try transaction.moveCursor(
                        of: place.fanOut,
                        to: place.end,
                        over: place.count,
                        at: date,
                        horizon: horizon
                    )
                }
            }
        }
        let over = zip(places, records).filter { $1 == nil }.map(\.0.fanOut)
        return .stored(records.compactMap { $0 }, over: over)
    }
}

extension Rotation {
    /// A batch was read that may be shorter than asked for, if it was the last.
    fileprivate mutating func read(_ batch: [Recipient], of fanOut: FanOutRowID, limit: Int) {
        if let last = batch.last { read(upTo: last.subscription, of: fanOut) }
        if batch.count < limit { exhausted(fanOut) }
    }
}
