import Foundation
import Logging
import Storage
import Synchronization

/// Notes once an hour how many readers there are; the last note of a day is what stays of it.
final class ReaderCensus: Sendable {
    private static let interval: TimeInterval = 3600

    private let store: Store
    private let logger: Logger
    private let last = Mutex<Date?>(nil)

    init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    func take(at date: Date) async {
        let isDue = last.withLock { last in
            if let last, abs(date.timeIntervalSince(last)) < Self.interval { return false }
            last = date
            return true
        }
        guard isDue else { return }
        do {
            try await store.write { try $0.noteReaders(at: date) }
        } catch {
            logger.error("Readers were not counted", metadata: ["reason": "\(error)"])
        }
    }
}
