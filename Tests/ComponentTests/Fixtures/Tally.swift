import Synchronization

/// A number that several tasks add to.
final class Tally: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add(_ more: Int = 1) {
        number.withLock { $0 += more }
    }
}
