import Storage
import Synchronization
import XML
import XMPP

/// The payloads that were read last, since many fetch the same few items, and many are sent the same
/// one at once.
///
/// What is stored is bytes, and to read them takes longer than all the rest of an answer; nor are there
/// to be a thousand trees of one large item.
final class PayloadCache: Sendable {
    /// How many payloads are kept, and of how many bytes together; the last one is kept anyway.
    static let capacity = 32
    static let mostBytes = 1_000_000

    private struct Entry {
        let bytes: [UInt8]
        let element: Element
    }

    private struct State {
        var entries: [ItemID: Entry] = [:]
        var size = 0

        mutating func keep(_ entry: Entry, as name: ItemID) {
            size -= entries.removeValue(forKey: name)?.bytes.count ?? 0
            size += entry.bytes.count
            if entries.count >= PayloadCache.capacity || size > PayloadCache.mostBytes {
                entries.removeAll()
                size = entry.bytes.count
            }
            entries[name] = entry
        }
    }

    /// Requests are answered on threads of their own, which may not wait for an actor.
    private let state = Mutex(State())

    /// The item's payload; nil if it has none.
    func payload(of record: ItemRecord) throws -> Element? {
        let bytes = record.payload
        // Another node may have an item of that name, and this one may have been replaced.
        let known = state.withLock { state in
            state.entries[record.name].flatMap { $0.bytes == bytes ? $0 : nil }
        }
        if let known { return known.element }
        guard let element = try record.payloadElement() else { return nil }
        state.withLock { $0.keep(Entry(bytes: bytes, element: element), as: record.name) }
        return element
    }
}
