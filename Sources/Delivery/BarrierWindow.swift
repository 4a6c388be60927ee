import Storage

/// The batches under way: from being written to their end being stored as the cursor.
///
/// The answer to a barrier proves that the server has read all that was written before it, so it
/// acknowledges the earlier batches too; but for those that went to a multicast service, of which each
/// has its own answer, since one that is lost was lost with its batch.
struct BarrierWindow {
    struct Batch: Hashable {
        let number: Int
        let fanOut: FanOutRowID
        /// The last subscription in it.
        let end: SubscriptionRowID
        let count: Int
        /// Whether it is read only when the multicast service has said so.
        let isMulticast: Bool
        var isAnswered = false
    }

    /// How far batches of one fan-out were acknowledged.
    struct Acknowledgement: Hashable, Sendable {
        let fanOut: FanOutRowID
        var end: SubscriptionRowID
        var count: Int
    }

    private let capacity: Int
    /// Those not answered yet, oldest first.
    private var unanswered: [Batch] = []
    /// Those answered but not being stored yet.
    private var answered: [Batch] = []
    /// Those being stored.
    private var storing: [Batch] = []
    private var lastNumber = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var hasRoom: Bool { count < capacity }
    var isEmpty: Bool { count == 0 }

    private var count: Int { unanswered.count + answered.count + storing.count }

    func contains(_ fanOut: FanOutRowID) -> Bool {
        [unanswered, answered, storing].joined().contains { $0.fanOut == fanOut }
    }

    /// A batch was written; its barrier gets the number that is returned.
    mutating func wrote(
        upTo end: SubscriptionRowID,
        count: Int,
        of fanOut: FanOutRowID,
        isMulticast: Bool = false
    ) -> Int {
        lastNumber += 1
        unanswered.append(
            Batch(
                number: lastNumber,
                fanOut: fanOut,
                end: end,
                count: count,
                isMulticast: isMulticast
            )
        )
        return lastNumber
    }

    mutating func barrierAnswered(_ number: Int) {
        for index in unanswered.indices {
            let batch = unanswered[index]
            guard batch.number <= number else { break }
            if !batch.isMulticast || batch.number == number { unanswered[index].isAnswered = true }
        }
        // A cursor passes nothing that is not answered.
        var waiting: Set<FanOutRowID> = []
        var rest: [Batch] = []
        for batch in unanswered {
            if batch.isAnswered, !waiting.contains(batch.fanOut) {
                answered.append(batch)
            } else {
                waiting.insert(batch.fanOut)
                rest.append(batch)
            }
        }
        unanswered = rest
    }

    /// Whether a batch is neither answered nor forgotten.
    func awaits(_ number: Int) -> Bool {
        unanswered.contains { $0.number == number }
    }

    /// Forgets what was written behind the last known place of each fan-out that waits for a multicast
    /// service, and tells which these are.
    mutating func dropMulticast() -> Set<FanOutRowID> {
        let fanOuts = Set(unanswered.filter(\.isMulticast).map(\.fanOut))
        unanswered.removeAll { fanOuts.contains($0.fanOut) }
        return fanOuts
    }

    /// The last subscription of a fan-out that is known to be read, though not to be stored; nil if
    /// there is none.
    func end(of fanOut: FanOutRowID) -> SubscriptionRowID? {
        (storing + answered).last { $0.fanOut == fanOut }?.end
    }

    /// What is to be stored now, at most one entry a fan-out; empty while a storing goes on.
    ///
    /// A storing waits for the disk, whatever there is to store: so it is a quarter of the window at
    /// least, or all there is.
    mutating func beginStoring() -> [Acknowledgement] {
        guard storing.isEmpty, unanswered.isEmpty || 4 * answered.count >= capacity else {
            return []
        }
        storing = answered
        answered = []
        var places: [Acknowledgement] = []
        for batch in storing {
            if let index = places.firstIndex(where: { $0.fanOut == batch.fanOut }) {
                places[index].end = batch.end
                places[index].count += batch.count
            } else {
                places.append(
                    Acknowledgement(fanOut: batch.fanOut, end: batch.end, count: batch.count)
                )
            }
        }
        return places
    }

    mutating func endStoring() {
        storing = []
    }
}
