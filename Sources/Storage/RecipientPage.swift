internal import GRDB
internal import CSQLite

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

extension RecipientPage {
    /// Takes in the row the statement stands on, unless none of the kinds is what its reader wants.
    ///
    /// Its columns are `id`, `jid`, `form` and `amount`.
    mutating func append(_ row: SQLiteStatement, among kinds: [VariantKind]) {
        guard let kind = kinds.first(where: { $0.isWanted(by: row) }),
            let address = sqlite3_column_text(row, 1)
        else { return }
        let count = Int(sqlite3_column_bytes(row, 1))
        addresses.append(contentsOf: UnsafeBufferPointer(start: address, count: count))
        entries.append(
            Entry(
                subscription: sqlite3_column_int64(row, 0),
                addressEnd: Int32(addresses.count),
                kind: UInt8(kind.ordinal)
            )
        )
    }
}

extension VariantKind {
    fileprivate func isWanted(by row: SQLiteStatement) -> Bool {
        guard row.text(at: 2, is: form.rawValue) else { return false }
        let amount = amountWord
        return amount.isEmpty || row.text(at: 3, is: amount)
    }
}

extension SQLiteStatement {
    /// Compares without making a `String` of what is in the column.
    fileprivate func text(at column: Int32, is word: String) -> Bool {
        guard let text = sqlite3_column_text(self, column) else { return false }
        let bytes = UnsafeBufferPointer(
            start: text,
            count: Int(sqlite3_column_bytes(self, column))
        )
        return bytes.elementsEqual(word.utf8)
    }
}
