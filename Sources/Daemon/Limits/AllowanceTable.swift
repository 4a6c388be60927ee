/// What is left of everybody's allowance, in a memory that never grows.
///
/// A key has one of the four places of its set. If all four are others', it takes the place of the
/// one that has used the least: as good as forgotten, since an allowance that is full tells nothing.
/// It has no clock: moments are seconds from an origin of the caller's choice.
struct AllowanceTable: Sendable {
    /// Where a key was found; valid until the next search.
    struct Place {
        fileprivate let index: Int
    }

    private struct Entry {
        var key = 0
        /// What was left at that moment.
        var tokens: Double
        var moment = 0.0
        /// How often it may still be told that there is nothing left.
        var refusals: Double
    }

    private static let setSize = 4

    /// What comes back in a second.
    let rate: Double
    /// What there is at most.
    let burst: Double
    /// How often a key may be told in a second that there is nothing left.
    private let refusals: Double
    private var entries: [Entry]
    private let sets: Int

    /// Makes a table for so many keys, rounded up to whole sets.
    init(rate: Double, burst: Int, refusals: Int = 0, capacity: Int) {
        self.rate = rate
        self.burst = Double(burst)
        self.refusals = Double(refusals)
        sets = max(1, (capacity + Self.setSize - 1) / Self.setSize)
        entries = Array(
            repeating: Entry(tokens: Double(burst), refusals: Double(refusals)),
            count: sets * Self.setSize
        )
    }

    var capacity: Int { entries.count }

    /// Finds a key, or makes room for it, and gives it what has come back since.
    ///
    /// The key is a hash that strangers can't foresee, as Swift's are.
    mutating func find(_ key: Int, at now: Double) -> Place {
        let first = Int(UInt(bitPattern: key) % UInt(sets)) * Self.setSize
        var fullest = first
        for index in first..<first + Self.setSize {
            refill(index, at: now)
            if entries[index].key == key { return Place(index: index) }
            if entries[index].tokens > entries[fullest].tokens { fullest = index }
        }
        entries[fullest] = Entry(key: key, tokens: burst, moment: now, refusals: refusals)
        return Place(index: fullest)
    }

    /// How many stanzas are left.
    func left(at place: Place) -> Double {
        entries[place.index].tokens
    }

    mutating func takeOne(at place: Place) {
        entries[place.index].tokens -= 1
    }

    /// Takes one from what may be told; false if that is used up.
    mutating func takeRefusal(at place: Place) -> Bool {
        guard entries[place.index].refusals >= 1 else { return false }
        entries[place.index].refusals -= 1
        return true
    }

    private mutating func refill(_ index: Int, at now: Double) {
        // A moment that is earlier than one before gives nothing and takes nothing.
        let passed = max(0, now - entries[index].moment)
        entries[index].tokens = min(burst, entries[index].tokens + passed * rate)
        entries[index].refusals = min(refusals, entries[index].refusals + passed * refusals)
        entries[index].moment = max(now, entries[index].moment)
    }
}
