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
                    let fanOuts = Set(due.map(\.fanOut.id))
                    return (
                        retries: due,
                        variants: try fanOuts.map {
                            ($0, try transaction.variants(of: $0))
                        }
                    )
                }
            }
            guard !due.retries.isEmpty else { return }
            var writer = MessageWriter(settings, serverDomain: barrier.target.domainpart)
            for (id, variants) in due.variants {
                guard let fanOut = due.retries.first(where: { $0.fanOut.id == id })?.fanOut
                else { continue }
                writer.learn(variants, of: fanOut)
            }
            for retry in due.retries {
                writer.makeMessage(to: retry.recipient, of: retry.fanOut.id)
                try await stream.write(writer.batch)
            }
            try await barrier.pass(on: stream)
            try await persistently("note who was tried again") { store in
                try await store.write { transaction in
                    for retry in due.retries { try transaction.noteRetried(retry, dueAt: date) }
                }
            }
        }
    }
}
