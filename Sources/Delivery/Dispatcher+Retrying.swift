import Component
import Storage

/// Writing again to those from whom a passing error came, and to those whose quiet hours are over.
extension Dispatcher {
    /// Writes a batch to those who are due, with the same ids, and the same bytes unless the issue is old
    /// by now, as far as the pace of `messages` allows.
    ///
    /// A crash before the last step writes it once more.
    ///
    /// - Returns: How many seconds the next of them has to wait, if that ended it.
    func retry(
        _ queue: inout RetryQueue,
        _ messages: inout MessageWriter,
        on stream: any StanzaStream
    ) async throws -> Double? {
        if queue.needsReading(at: now()) { try await readRetries(into: &queue) }
        guard !queue.upcoming.isEmpty else { return nil }
        var writer = try await writer(for: queue.upcoming)
        var (retries, bytes) = ([DueRetry](), 0)
        var pause: Double?
        for retry in queue.upcoming where bytes < settings.batchBytes {
            let (reader, fanOut) = (retry.recipient, retry.fanOut.id)
            let count = writer.messageCount(to: reader, of: fanOut)
            pause = messages.pause(before: count, to: reader.address)
            guard pause == nil else { break }
            writer.makeMessage(to: reader, of: fanOut)
            try await stream.write(writer.piece)
            bytes += writer.piece.count
            retries.append(retry)
            await executor.turn()
        }
        guard !retries.isEmpty else { return pause }
        queue.drop(retries.count)
        try await passBarrier(on: stream)
        let (due, read) = (queue.date, now())
        try await persistently("note who was tried again") { [retries] store in
            try await store.write { transaction in
                for retry in retries {
                    try transaction.noteRetried(retry, dueAt: due, at: read)
                }
            }
        }
        return pause
    }

    private func readRetries(into queue: inout RetryQueue) async throws {
        let (date, limit) = (now(), settings.batchSize)
        let due = try await persistently("read who is to be tried again") { store in
            try await store.write { try $0.dueRetries(at: date, limit: limit) }
        }
        queue.take(due, dueAt: date, limit: limit)
    }

    private func writer(for retries: ArraySlice<DueRetry>) async throws -> MessageWriter {
        let fanOuts = Dictionary(
            retries.map { ($0.fanOut.id, $0.fanOut) },
            uniquingKeysWith: { first, _ in first }
        )
        let contents = try await persistently("read what is to be sent again") { store in
            try await store.read { transaction in
                try fanOuts.values.map { fanOut in
                    (
                        fanOut, variants: try transaction.variants(of: fanOut.id),
                        earlier: try transaction.earlierPublications(behind: fanOut)
                    )
                }
            }
        }
        var writer = MessageWriter(settings, serverDomain: barrier.target.domainpart)
        for (fanOut, variants, earlier) in contents {
            let sharesIDs = fanOut.multicast?.service != nil
            writer.learn(variants, of: fanOut, after: earlier, sharingIDs: sharesIDs)
            if isOld(fanOut) { writer.announceOnly(fanOut.id) }
        }
        return writer
    }
}
