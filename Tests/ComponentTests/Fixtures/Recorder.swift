import Logging
import Testing
import XMPP

@testable import Component

/// A delegate that remembers what it was told.
actor Recorder: StanzaStreamDelegate {
    private(set) var streams: [any StanzaStream] = []
    private(set) var batches: [[Inbound]] = []
    private(set) var ends: [StreamEnd] = []
    private(set) var failures: [String] = []
    private let sieve: @Sendable ([Inbound], Bool) -> SiftedBatch
    private let onOpen: @Sendable (any StanzaStream) async -> Void
    private let onBatch: @Sendable ([Inbound], any StanzaStream) async -> Void

    init(
        onOpen: @escaping @Sendable (any StanzaStream) async -> Void = { _ in },
        onBatch: @escaping @Sendable ([Inbound], any StanzaStream) async -> Void = { _, _ in },
        sieve: @escaping @Sendable ([Inbound], Bool) -> SiftedBatch = { batch, _ in
            SiftedBatch(admitted: batch)
        }
    ) {
        self.sieve = sieve
        self.onOpen = onOpen
        self.onBatch = onBatch
    }

    func streamOpened(_ stream: any StanzaStream) async {
        streams.append(stream)
        await onOpen(stream)
    }

    nonisolated func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch {
        sieve(batch, isFull)
    }

    func received(_ batch: [Inbound], on stream: any StanzaStream) async {
        batches.append(batch)
        await onBatch(batch, stream)
    }

    func streamEnded(_ end: StreamEnd) {
        ends.append(end)
    }

    func notOpened(reason: String) {
        failures.append(reason)
    }

    /// Waits until there are so many streams, batches and ends; fails the test after a while.
    func wait(streams: Int = 0, batches: Int = 0, ends: Int = 0) async throws {
        for _ in 0..<2000 {
            if self.streams.count >= streams, self.batches.count >= batches,
                self.ends.count >= ends
            {
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw TooLong()
    }

    struct TooLong: Error {}

    /// The n-th stream, once it is there.
    func stream(_ index: Int = 0) async throws -> any StanzaStream {
        try await wait(streams: index + 1)
        return streams[index]
    }
}

func makeConnection(
    _ configuration: StreamConfiguration,
    _ recorder: Recorder,
    hasBeenOnline: Bool = false,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
) -> ComponentConnection {
    ComponentConnection(
        configuration: configuration,
        delegate: recorder,
        hasBeenOnline: hasBeenOnline,
        logger: logger
    )
}

/// Runs a connection beside a test, and stops it at the end.
func connected(
    _ configuration: StreamConfiguration,
    _ recorder: Recorder,
    hasBeenOnline: Bool = false,
    _ body: @Sendable (ComponentConnection) async throws -> Void
) async throws {
    let connection = makeConnection(configuration, recorder, hasBeenOnline: hasBeenOnline)
    try await withThrowingTaskGroup { group in
        group.addTask { try await connection.run() }
        do {
            try await body(connection)
        } catch {
            await connection.stop()
            throw error
        }
        await connection.stop()
        try await group.waitForAll()
    }
}

extension StreamTimings {
    /// Short enough for tests, long enough for a busy machine.
    static var brisk: StreamTimings {
        var timings = StreamTimings()
        timings.firstDelay = .milliseconds(20)
        timings.longestDelay = .milliseconds(100)
        timings.closing = .seconds(5)
        return timings
    }
}
