internal import CSQLite
internal import Foundation
internal import GRDB

/// Recipients in the order of their subscriptions, packed.
///
/// A fan-out reads a million of them: their addresses are one piece of memory, in which SQLite's
/// text was copied once, and no reader costs an allocation.
public struct RecipientPage: RandomAccessCollection, Sendable {
    private struct Entry {
        let subscription: Int64
        let addressEnd: Int32
        let kind: UInt8
    }

    private var entries: [Entry] = []
    private var addresses: [UInt8] = []

    public init() {}

    mutating func reserve(_ count: Int) {
        entries.reserveCapacity(count)
        addresses.reserveCapacity(count * 32)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }

    public subscript(index: Int) -> Recipient {
        Recipient(
            subscription: subscription(at: index),
            address: withAddress(at: index) { String(decoding: $0, as: UTF8.self) },
            kind: VariantKind.all[kindOrdinal(at: index)]
        )
    }

    public func subscription(at index: Int) -> SubscriptionRowID {
        SubscriptionRowID(rawValue: entries[index].subscription)
    }

    /// The ordinal of what the recipient gets.
    public func kindOrdinal(at index: Int) -> Int {
        Int(entries[index].kind)
    }

    /// Gives the address in UTF-8, valid inside the body only.
    public func withAddress<Value>(
        at index: Int,
        _ body: (UnsafeRawBufferPointer) -> Value
    ) -> Value {
        let start = index == 0 ? 0 : Int(entries[index - 1].addressEnd)
        let end = Int(entries[index].addressEnd)
        return addresses.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }
}

// MARK: - Reading rows

/// Which rows are recipients, and of what: in the words of the columns, so that no row makes a
/// `String`, nor counts a reference.
struct RecipientKinds {
    private struct Entry {
        /// Where its form is among the words.
        let form: Range<Int>
        /// Where its amount is; empty if any will do.
        let amount: Range<Int>
        let ordinal: UInt8
    }

    private var entries: [Entry] = []
    /// All words, one behind the other.
    private var words: [UInt8] = []

    init(_ kinds: [VariantKind]) {
        for kind in kinds {
            let form = add(kind.form.rawValue)
            let amount = add(kind.amountWord)
            entries.append(Entry(form: form, amount: amount, ordinal: UInt8(kind.ordinal)))
        }
    }

    private mutating func add(_ word: String) -> Range<Int> {
        let start = words.count
        words += word.utf8
        return start..<words.count
    }

    /// The ordinal of the kind that the reader of the row wants; nil if there is none.
    fileprivate func ordinal(for row: QuickRow) -> UInt8? {
        guard let form = row.bytes(at: 2), let amount = row.bytes(at: 3) else { return nil }
        return words.withUnsafeBytes { words in
            for entry in entries
            where form.isEqual(to: words, in: entry.form)
                && (entry.amount.isEmpty || amount.isEqual(to: words, in: entry.amount))
            {
                return entry.ordinal
            }
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isEqual(to words: UnsafeRawBufferPointer, in range: Range<Int>) -> Bool {
        guard count == range.count else { return false }
        guard let start = baseAddress, let other = words.baseAddress else { return true }
        return memcmp(start, other + range.lowerBound, count) == 0
    }
}

extension RecipientPage {
    /// Takes in the row, unless none of the kinds is what its reader wants.
    ///
    /// Its columns are `id`, `jid`, `form` and `amount`.
    mutating func append(_ row: QuickRow, among kinds: RecipientKinds) {
        guard let kind = kinds.ordinal(for: row), let address = row.bytes(at: 1) else { return }
        addresses.append(contentsOf: address)
        entries.append(
            Entry(
                subscription: row.integer(at: 0),
                addressEnd: Int32(addresses.count),
                kind: kind
            )
        )
    }
}

extension QuickRow {
    /// The text in UTF-8, valid until the next step; nil if there is none.
    fileprivate func bytes(at index: Int32) -> UnsafeRawBufferPointer? {
        guard let start = sqlite3_column_text(statement, index) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, index))
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
