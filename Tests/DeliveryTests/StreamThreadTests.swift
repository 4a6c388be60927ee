import Component
import Foundation
import Storage
import Synchronization
import Testing

@Suite("The database and the stream's thread")
struct StreamThreadTests {
    /// As many as GRDB lends at once.
    private static let connections = 5

    @Test("who waits there for a connection gets one, though tasks that live there have them all")
    func connections() async throws {
        let path = "/tmp/bs-\(UUID().uuidString.prefix(8)).sqlite"
        defer { for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) } }
        let store = try Store(path: path)
        let gate = Gate()
        try await withTaskExecutorPreference(StreamExecutor()) {
            try await withThrowingTaskGroup { readers in
                for _ in 1...Self.connections {
                    readers.addTask { try await store.read { _ in gate.pass() } }
                }
                while gate.waiting < Self.connections {
                    try await Task.sleep(for: .milliseconds(1))
                }
                Thread.detachNewThread {
                    usleep(50_000)
                    gate.open()
                }
                _ = try store.readNow { try $0.nextRetry() }
                try await readers.waitForAll()
            }
        }
    }
}

/// Stops threads until it is opened.
private final class Gate: Sendable {
    private let state = Mutex((waiting: 0, isOpen: false))

    var waiting: Int { state.withLock { $0.waiting } }

    func open() { state.withLock { $0.isOpen = true } }

    func pass() {
        state.withLock { $0.waiting += 1 }
        while !state.withLock({ $0.isOpen }) { usleep(1_000) }
    }
}
