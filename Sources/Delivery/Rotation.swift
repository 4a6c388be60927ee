import Storage

/// The fan-outs that are to be delivered on this stream, each in its turn, a batch at a time.
///
/// Of two about the same item, or one of them about the whole node, the older goes first and to its
/// end: readers get a correction after what it corrects, and nothing of a node after its end.
struct Rotation {
    private struct Entry {
        var record: FanOutRecord
        /// The last subscription read for a batch.
        var position: SubscriptionRowID
        /// Whether nobody is left to be written.
        var isExhausted = false
    }

    /// Oldest first.
    private var entries: [Entry] = []
    private var lastServed: FanOutRowID?

    /// Takes in what is unfinished now, oldest first; what is missing there is over or gone.
    mutating func update(_ unfinished: [FanOutRecord]) {
        entries = unfinished.map { record in
            guard var known = entries.first(where: { $0.record.id == record.id }) else {
                return Entry(record: record, position: record.cursor)
            }
            known.record = record
            return known
        }
    }

    /// Whose turn it is; nil if nobody is left to be written.
    var upcoming: FanOutRowID? {
        upcomingIndex.map { entries[$0].record.id }
    }

    /// Takes the turn: whose it is, and from where; nil if nobody is left to be written.
    mutating func next() -> (fanOut: FanOutRecord, position: SubscriptionRowID)? {
        guard let index = upcomingIndex else { return nil }
        lastServed = entries[index].record.id
        return (entries[index].record, entries[index].position)
    }

    private var upcomingIndex: Int? {
        let ready = entries.indices.filter { isReady($0) }
        let following = ready.first { index in
            lastServed.map { entries[index].record.id > $0 } ?? true
        }
        return following ?? ready.first
    }

    mutating func read(upTo position: SubscriptionRowID, of fanOut: FanOutRowID) {
        guard let index = index(of: fanOut) else { return }
        entries[index].position = position
    }

    mutating func exhausted(_ fanOut: FanOutRowID) {
        guard let index = index(of: fanOut) else { return }
        entries[index].isExhausted = true
    }

    mutating func remove(_ fanOut: FanOutRowID) {
        entries.removeAll { $0.record.id == fanOut }
    }

    /// Those of which nobody is left to be written.
    var exhausted: [FanOutRowID] {
        entries.filter(\.isExhausted).map(\.record.id)
    }

    private func index(of fanOut: FanOutRowID) -> Int? {
        entries.firstIndex { $0.record.id == fanOut }
    }

    private func isReady(_ index: Int) -> Bool {
        let entry = entries[index]
        return !entry.isExhausted && entry.record.state != .held
            && !entries[..<index].contains { entry.record.mustFollow($0.record) }
    }
}

extension FanOutRecord {
    fileprivate func mustFollow(_ earlier: FanOutRecord) -> Bool {
        earlier.node == node
            && (earlier.item == item || earlier.scope == .node || scope == .node)
    }
}
