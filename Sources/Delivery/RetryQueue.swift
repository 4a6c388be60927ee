import Foundation
import Storage

/// Those who are to be tried again, as far as they were read from the database.
struct RetryQueue {
    /// What is read ahead holds so long: a reader may leave, or want quiet, in the meantime.
    private static let freshness: TimeInterval = 60

    /// Whether somebody may be due who was not read.
    private(set) var mayHaveMore = true
    /// The moment for which they were asked.
    private(set) var date = Date.distantPast
    private var due: ArraySlice<DueRetry> = []

    /// Whether nothing is to be done before the database is asked again.
    var isOver: Bool { due.isEmpty && !mayHaveMore }

    /// Lets all be read again: something has changed since.
    mutating func forget() {
        due = []
        mayHaveMore = true
    }

    /// Whether they have to be read before the next one can be written.
    func needsReading(at now: Date) -> Bool {
        due.isEmpty || abs(now.timeIntervalSince(date)) >= Self.freshness
    }

    /// Takes those who are due at that moment, of whom no more than `limit` were asked for.
    mutating func take(_ retries: [DueRetry], dueAt date: Date, limit: Int) {
        due = retries[...]
        mayHaveMore = retries.count >= limit
        self.date = date
    }

    /// Those who were read and are not written to yet, the first ones first.
    var upcoming: ArraySlice<DueRetry> { due }

    /// Takes out so many of the first ones.
    mutating func drop(_ count: Int) {
        due = due.dropFirst(count)
    }
}
