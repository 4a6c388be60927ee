import Component
import Storage

/// Writing again to those from whom a passing error came.
extension Dispatcher {
    /// Writes all that is due again, with the same bytes and ids.
    ///
    /// A crash before the last step writes it once more.
    func retry(on stream: any StanzaStream) async throws {
        let limit = settings.batchSize
        while true {
            let date = now()
            let due = try await persistently("read who is to be tried again") { store in
                try await store.write { transaction in
                    let due = try transaction.dueRetries(at: date, limit: limit)
                    let fanOuts = Dictionary(
                        due.map { ($0.fanOut.id, $0.fanOut) },
                        uniquingKeysWith: { first, _ in first }
                    )
                    return (
                        retries: due,
                        fanOuts: try fanOuts.values.map { fanOut in
                            (
                                fanOut, variants: try transaction.variants(of: fanOut.id),
                                retracted: try transaction.publications(retractedBy: fanOut)
                            )
                        }
                    )
                }
            }
            guard !due.retries.isEmpty else { return }
            var writer = MessageWriter(settings, serverDomain: barrier.target.domainpart)
            for (fanOut, variants, retracted) in due.fanOuts {
                writer.learn(variants, of: fanOut, retracting: retracted)
            }
            for retry in due.retries {
                writer.makeMessage(to: retry.recipient, of: retry.fanOut.id)
                try await stream.write(writer.batch)
            }
            try await barrier.pass(on: stream)
            let read = now()
            try await persistently("note who was tried again") { store in
                try await store.write { transaction in
                    for retry in due.retries {
                        try transaction.noteRetried(retry, dueAt: date, at: read)
                    }
                }
            }
        }
    }
}
