import Storage

/// The batches under way: from being written to their end being stored as the cursor.
///
/// The answer to a barrier proves that the server has read all that was written before it, so it
/// acknowledges the earlier batches too.
struct BarrierWindow {
    struct Batch: Hashable {
        let number: Int
        let fanOut: FanOutRowID
        /// The last subscription in it.
        let end: SubscriptionRowID
        let count: Int
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
    mutating func wrote(upTo end: SubscriptionRowID, count: Int, of fanOut: FanOutRowID) -> Int {
        lastNumber += 1
        unanswered.append(Batch(number: lastNumber, fanOut: fanOut, end: end, count: count))
        return lastNumber
    }

    mutating func barrierAnswered(_ number: Int) {
        let read = unanswered.prefix { $0.number <= number }
        answered += read
        unanswered.removeFirst(read.count)
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
