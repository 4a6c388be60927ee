import Component
import Foundation
import Logging

/// What the PubSub service does from time to time, though nobody asks for it.
///
/// It needs an open stream, since those whose subscription has ended are told.
struct Upkeep: Sendable {
    let serviceDesk: ServiceDesk
    let outbox: Outbox
    let census: ReaderCensus
    /// The pause between two rounds; the first begins with the stream.
    let interval: Duration

    func run(on stream: any StanzaStream) async {
        while !Task.isCancelled {
            await outbox.carryOut(await serviceDesk.upkeep(), on: stream)
            await census.take(at: Date())
            try? await Task.sleep(for: interval)
        }
    }
}
