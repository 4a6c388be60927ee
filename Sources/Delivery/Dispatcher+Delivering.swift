import Component
import Foundation
import Storage
import XMPP

/// The delivery on one stream: write, wait for the barrier, store, go on.
extension Dispatcher {
    private enum Arrival: Sendable {
        case answered(Int)
        /// The multicast service does not say that it has sent it.
        case unsent(Int, MulticastEnd)
        /// Readers, read ahead under that number.
        case read(RecipientPage, Int, of: FanOutRowID)
        /// The pace lets more go out.
        case paused
        /// The fan-outs as they are after their cursors moved, and the ids of those that are over.
        case stored([FanOutRecord], over: [FanOutRowID])
    }

    /// Delivers until nothing is left to be written, read or stored; all of it on the stream's
    /// thread, but for what the database does on its own.
    func deliver(on stream: any StanzaStream) async throws {
        try await withTaskExecutorPreference(executor) {
            try await self.deliverHere(on: stream)
        }
    }

    private func deliverHere(on stream: any StanzaStream) async throws {
        try await withThrowingTaskGroup(of: Arrival.self) { arrivals in
            var window = BarrierWindow(capacity: settings.window)
            var rotation = Rotation()
            var messages = MessageWriter(
                settings,
                serverDomain: barrier.target.domainpart,
                pacer: pacer
            )
            defer { pacer = messages.pacer }
            var retries = RetryQueue()
            var quiet = QuietWatch()
            var isPaused = false
            var wasRetried = false
            while true {
                if !refusals.isEmpty {
                    try await takeRefusals(&window, &rotation, &messages)
                } else if hasNews {
                    try await update(&rotation)
                    messages.forgetReaders()
                    retries.forget()
                    try await settle()
                } else if !isPaused, !retries.isOver, window.hasRoom,
                    // In turn, or a morning's many kept a new issue waiting.
                    !(wasRetried && rotation.upcoming != nil)
                {
                    wasRetried = true
                    let pause = try await retry(&retries, &messages, on: stream)
                    if retries.isOver { try await setAlarm() }
                    if let pause {
                        isPaused = true
                        arrivals.addTask { try await self.wait(for: pause) }
                    }
                } else if window.hasRoom, !isPaused, let upcoming = rotation.upcoming,
                    !messages.awaitsReaders(of: upcoming), let turn = rotation.next()
                {
                    wasRetried = false
                    if quiet.isDue(for: turn.fanOut.id, at: now()),
                        try await postpone(turn.fanOut, after: turn.position)
                    {
                        messages.forgetReaders(of: turn.fanOut.id)
                    }
                    try await read(turn.fanOut, after: turn.position, &messages, on: stream)
                    // That took its time: somebody may have held it or ended it.
                    if hasNews, try await !isWanted(turn.fanOut.id) { continue }
                    if let place = messages.placeAhead(of: turn.fanOut.id) {
                        arrivals.addTask { [fanOut = turn.fanOut] in
                            let page = try await self.recipients(of: fanOut, after: place.after)
                            return .read(page, place.number, of: fanOut.id)
                        }
                    }
                    let batch = try await writeBatch(
                        of: turn.fanOut,
                        &messages,
                        &window,
                        &rotation,
                        to: stream
                    )
                    if let batch {
                        arrivals.addTask { try await self.passBarrier(behind: batch, on: stream) }
                    }
                    if let pause = messages.pause {
                        isPaused = true
                        arrivals.addTask { try await self.wait(for: pause) }
                    }
                } else if let done = rotation.exhausted.first(where: { !window.contains($0) }) {
                    try await finish(done)
                    rotation.remove(done)
                    messages.forget(done)
                    quiet.forget(done)
                    try await setAlarm()
                } else if let arrival = try await arrivals.next() {
                    if case .paused = arrival { isPaused = false }
                    // What was read before the answer to a barrier, that is worth nothing then.
                    if !refusals.isEmpty {
                        try await takeRefusals(&window, &rotation, &messages)
                    }
                    try await handle(arrival, &window, &rotation, &messages)
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

    /// Returns when the server has read the batch, and the multicast service has sent what of it is
    /// its own, or nobody knows.
    private func passBarrier(
        behind batch: WrittenBatch,
        on stream: any StanzaStream
    ) async throws -> Arrival {
        guard let service = batch.service else {
            try await passBarrier(on: stream)
            return .answered(batch.number)
        }
        let asked = time.now
        let outcome = try await MulticastBarrier(service: service, barrier: barrier).pass(
            on: stream
        )
        noteAnswer(askedAt: asked)
        return switch outcome {
        case .sent: .answered(batch.number)
        case .unknown(let reason): .unsent(batch.number, reason)
        }
    }

    /// Returns when the server has read all that was written before.
    func passBarrier(on stream: any StanzaStream) async throws {
        let asked = time.now
        try await barrier.pass(on: stream)
        noteAnswer(askedAt: asked)
    }

    /// The server read what was written before some time between the question and now.
    private func noteAnswer(askedAt date: Date) {
        lastAnswer = time.now
        lastLife = lastLife.map { max($0, date) } ?? date
    }

    /// Waits until the pace lets more go out, in seconds; not for each message, since a batch is to
    /// hold some.
    private func wait(for pause: Double) async throws -> Arrival {
        try await clock.sleep(for: .seconds(max(pause, 0.02)))
        return .paused
    }

    /// Lets those have it later who want silence now, and those not at all who are to be there for it
    /// and are not; tells whether there are any.
    private func postpone(
        _ fanOut: FanOutRecord,
        after position: SubscriptionRowID
    ) async throws -> Bool {
        let date = now()
        return try await persistently("read whose hours are quiet") { store in
            let mayHaveAny = try await store.read { transaction in
                try transaction.mayHaveQuietReaders(at: date)
                    || transaction.hasReadersByPresence(fanOut.node)
            }
            guard mayHaveAny else { return false }
            return try await store.write { transaction in
                let absent = try transaction.withholdFromAbsent(fanOut, after: position, at: date)
                let quiet = try transaction.postponeQuietReaders(
                    of: fanOut,
                    after: position,
                    at: date
                )
                return absent + quiet > 0
            }
        }
    }

    private func handle(
        _ arrival: Arrival,
        _ window: inout BarrierWindow,
        _ rotation: inout Rotation,
        _ messages: inout MessageWriter
    ) async throws {
        switch arrival {
        case .answered(let number):
            window.barrierAnswered(number)
        case .unsent(let number, let reason):
            // The first of them has taken all others back.
            if window.awaits(number) {
                try await giveUpMulticast(reason, &window, &rotation, &messages)
            }
        case .read(let page, let number, let fanOut):
            messages.takeAhead(page, number, of: fanOut)
        case .paused:
            break
        case .stored(let fanOuts, let over):
            window.endStoring()
            for fanOut in over {
                rotation.remove(fanOut)
                messages.forget(fanOut)
            }
            for fanOut in fanOuts {
                await report(.progress(fanOut.id, sent: fanOut.sent, total: fanOut.total))
            }
        }
    }

    private func update(_ rotation: inout Rotation) async throws {
        hasNews = false
        let isUnread = answerable.needsReading
        let (fanOuts, keys) = try await persistently("read what is to be delivered") { store in
            try await store.read { transaction in
                (
                    try transaction.unfinishedFanOuts(),
                    isUnread
                        ? try transaction.fanOutKeys(ofNewest: AnswerableDeliveries.capacity) : []
                )
            }
        }
        if isUnread { answerable.take(keys) }
        for fanOut in fanOuts {
            answerable.add(fanOut)
            // Their time runs from here, be they held or in line.
            _ = isOld(fanOut)
        }
        rotation.update(fanOuts)
    }

    /// Whether it is still to be delivered now.
    private func isWanted(_ fanOut: FanOutRowID) async throws -> Bool {
        try await persistently("read whether it goes on") { store in
            try await store.read {
                switch try $0.fanOut(fanOut)?.state {
                case .waiting, .running: true
                case .held, .finished, .cancelled, nil: false
                }
            }
        }
    }

    /// Makes sure that the messages and the next readers are there.
    private func read(
        _ fanOut: FanOutRecord,
        after position: SubscriptionRowID,
        _ messages: inout MessageWriter,
        on stream: any StanzaStream
    ) async throws {
        guard messages.needsReaders(fanOut.id) else { return }
        let limit = settings.pageSize
        let isNew = !messages.knows(fanOut.id)
        let (variants, earlier, page) = try await persistently("read the next readers") { store in
            try await store.read { transaction in
                (
                    isNew ? try transaction.variants(of: fanOut.id) : [],
                    isNew ? try transaction.earlierPublications(behind: fanOut) : [],
                    try transaction.recipients(of: fanOut, after: position, limit: limit)
                )
            }
        }
        if isNew {
            let multicast = try await decideMulticast(for: fanOut, variants, on: stream)
            messages.learn(
                variants,
                of: fanOut,
                after: earlier,
                sharingIDs: multicast.sharesIDs,
                through: multicast.service
            )
        }
        messages.take(page, of: fanOut.id)
    }

    private func recipients(
        of fanOut: FanOutRecord,
        after position: SubscriptionRowID
    ) async throws -> RecipientPage {
        let limit = settings.pageSize
        return try await persistently("read the next readers") { store in
            try await store.read {
                try $0.recipients(of: fanOut, after: position, limit: limit)
            }
        }
    }

    private struct WrittenBatch: Sendable {
        let number: Int
        /// Whose answer it waits for, if that is not the server's.
        let service: JID?
    }

    /// Writes the next batch; nil if nobody was left.
    private func writeBatch(
        of fanOut: FanOutRecord,
        _ messages: inout MessageWriter,
        _ window: inout BarrierWindow,
        _ rotation: inout Rotation,
        to stream: any StanzaStream
    ) async throws -> WrittenBatch? {
        if isOld(fanOut) { messages.announceOnly(fanOut.id) }
        let service = messages.service(of: fanOut.id)
        var batch: MessageWriter.Extent?
        // Not further once it is held, or something is taken back.
        while batch == nil || !hasNews,
            let extent = messages.makePiece(of: fanOut.id, after: batch)
        {
            batch = extent
            written.insert(fanOut.id)
            if extent.isMulticast { try await noteMulticastUse(of: fanOut) }
            try await stream.write(messages.piece)
            // Requests get their turn: the stream lives on this thread.
            await executor.turn()
        }
        let isOver = batch == nil && messages.pause == nil
        if isOver || messages.isThrough(fanOut.id) { rotation.exhausted(fanOut.id) }
        guard let batch else { return nil }
        rotation.read(upTo: batch.end, of: fanOut.id)
        let number = window.wrote(
            upTo: batch.end,
            count: batch.count,
            of: fanOut.id,
            isMulticast: batch.isMulticast
        )
        return WrittenBatch(number: number, service: batch.isMulticast ? service : nil)
    }

    /// Whether readers who have not got it by now are only told of it.
    func isOld(_ fanOut: FanOutRecord) -> Bool {
        guard settings.deadline > .zero else { return false }
        return ages.age(of: fanOut, at: now(), steady: time.now) > settings.deadline.seconds
    }

    private func acknowledge(_ places: [BarrierWindow.Acknowledgement]) async throws -> Arrival {
        // Not when it is stored, which a busy database delays: a server that dies meanwhile would
        // seem to have been there since.
        let date = lastAnswer ?? time.now
        let horizon = safeUntil ?? .distantPast
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
