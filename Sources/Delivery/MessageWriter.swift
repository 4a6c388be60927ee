import Component
import Storage

/// Writes batches: for each reader the variant of their choice, with their address and id.
struct MessageWriter {
    private struct Outgoing {
        let codec: StanzaIDCodec
        let variants: [VariantKind: DeliveryVariant]
    }

    /// How many bytes are handed to the stream at once: what a batch of long issues takes of memory
    /// at most, and few enough that other stanzas get in between.
    private static let chunk = 256 * 1024

    private var outgoing: [FanOutRowID: Outgoing] = [:]

    func knows(_ fanOut: FanOutRowID) -> Bool {
        outgoing[fanOut] != nil
    }

    mutating func learn(_ variants: [VariantRecord], of fanOut: FanOutRecord) {
        outgoing[fanOut.id] = Outgoing(
            codec: StanzaIDCodec(key: fanOut.key),
            variants: Dictionary(
                variants.map { ($0.kind, DeliveryVariant($0)) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    mutating func forget(_ fanOut: FanOutRowID) {
        outgoing[fanOut] = nil
    }

    func write(
        _ batch: [Recipient],
        of fanOut: FanOutRecord,
        to stream: any StanzaStream
    ) async throws {
        guard let outgoing = outgoing[fanOut.id] else { return }
        var bytes: [UInt8] = []
        for recipient in batch {
            outgoing.variants[recipient.kind]?.write(
                to: recipient.address,
                id: StanzaIDCodec.Place(subscription: recipient.subscription),
                of: outgoing.codec,
                into: &bytes
            )
            if bytes.count >= Self.chunk {
                try await stream.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        if !bytes.isEmpty {
            try await stream.write(bytes)
        }
    }
}
