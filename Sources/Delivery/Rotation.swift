import Storage
import XMPP

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
    /// The indices of those that may have their turn now.
    private var ready: [Int] = []
    private var lastServed: FanOutRowID?

    /// Takes in what is unfinished now, oldest first; what is missing there is over or gone.
    mutating func update(_ unfinished: [FanOutRecord]) {
        let known = Dictionary(uniqueKeysWithValues: entries.map { ($0.record.id, $0) })
        entries = unfinished.map { record in
            var entry = known[record.id] ?? Entry(record: record, position: record.cursor)
            entry.record = record
            return entry
        }
        findReady()
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
        let following = ready.first { index in
            lastServed.map { entries[index].record.id > $0 } ?? true
        }
        return following ?? ready.first
    }

    mutating func read(upTo position: SubscriptionRowID, of fanOut: FanOutRowID) {
        guard let index = index(of: fanOut) else { return }
        entries[index].position = position
    }

    /// Lets all behind that place be written once more.
    mutating func goBack(to position: SubscriptionRowID, of fanOut: FanOutRowID) {
        guard let index = index(of: fanOut) else { return }
        entries[index].position = position
        entries[index].isExhausted = false
        findReady()
    }

    mutating func exhausted(_ fanOut: FanOutRowID) {
        guard let index = index(of: fanOut) else { return }
        entries[index].isExhausted = true
        findReady()
    }

    mutating func remove(_ fanOut: FanOutRowID) {
        entries.removeAll { $0.record.id == fanOut }
        findReady()
    }

    /// Those of which nobody is left to be written.
    var exhausted: [FanOutRowID] {
        entries.filter(\.isExhausted).map(\.record.id)
    }

    private func index(of fanOut: FanOutRowID) -> Int? {
        entries.firstIndex { $0.record.id == fanOut }
    }

    private mutating func findReady() {
        var earlier = Predecessors()
        ready = entries.indices.filter { index in
            let entry = entries[index]
            defer { earlier.insert(entry.record) }
            return !entry.isExhausted && entry.record.state != .held
                && !earlier.comeBefore(entry.record)
        }
    }
}

/// The fan-outs that are older than another.
///
/// There may be thousands, so they are not compared one by one: each look is on the stream's thread.
private struct Predecessors {
    private struct Place: Hashable {
        let node: NodeRowID
        let item: ItemID
    }

    private var places: Set<Place> = []
    private var nodes: Set<NodeRowID> = []
    /// Those of which one is about the node as a whole.
    private var wholeNodes: Set<NodeRowID> = []

    mutating func insert(_ fanOut: FanOutRecord) {
        nodes.insert(fanOut.node)
        switch fanOut.scope {
        case .node: wholeNodes.insert(fanOut.node)
        case .item: places.insert(Place(node: fanOut.node, item: fanOut.item))
        }
    }

    func comeBefore(_ fanOut: FanOutRecord) -> Bool {
        switch fanOut.scope {
        case .node: nodes.contains(fanOut.node)
        case .item:
            wholeNodes.contains(fanOut.node)
                || places.contains(Place(node: fanOut.node, item: fanOut.item))
        }
    }
}
