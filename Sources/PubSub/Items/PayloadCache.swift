import Storage
import Synchronization
import XML
import XMPP

/// The payloads that were read last, since many fetch the same few items.
///
/// What is stored is bytes, and to read them takes longer than all the rest of an answer.
final class PayloadCache: Sendable {
    /// How many payloads are kept, and the longest, in bytes: some megabytes at most.
    static let capacity = 32
    static let longest = 100_000

    private struct Entry {
        let bytes: [UInt8]
        let element: Element
    }

    /// Requests are answered on threads of their own, which may not wait for an actor.
    private let entries = Mutex<[ItemID: Entry]>([:])

    /// The item's payload; nil if it has none.
    func payload(of record: ItemRecord) throws -> Element? {
        let bytes = record.payload
        // Another node may have an item of that name, and this one may have been replaced.
        let known = entries.withLock { $0[record.name].flatMap { $0.bytes == bytes ? $0 : nil } }
        if let known { return known.element }
        guard let element = try record.payloadElement() else { return nil }
        if bytes.count <= Self.longest {
            entries.withLock { entries in
                if entries.count >= Self.capacity { entries.removeAll() }
                entries[record.name] = Entry(bytes: bytes, element: element)
            }
        }
        return element
    }
}
