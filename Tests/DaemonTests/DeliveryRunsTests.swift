import Clocks
import Component
import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite("Deliveries on a stream", .timeLimit(.minutes(2)))
struct DeliveryRunsTests {
    private struct Trouble: Error {}

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("whatever ends a delivery but the stream, it begins again after a pause")
    func again() async throws {
        let clock = ManualClock()
        let begun = Mutex(0)
        let runs = DeliveryRuns(clock: clock, logger: logger) { _ in
            let number = begun.withLock { begun in
                begun += 1
                return begun
            }
            if number < 4 { throw Trouble() }
            throw StreamClosed(end: .closedByServer)
        }
        async let run: Void = runs.run(on: RecordingStream())
        for number in 1...3 {
            while clock.sleepers == 0 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(begun.withLock { $0 } == number)
            clock.advance(by: .seconds(1 << (number - 1)) - .milliseconds(1))
            #expect(clock.sleepers == 1)
            clock.advance(by: .milliseconds(1))
        }
        await run
        #expect(begun.withLock { $0 } == 4)
    }

    @Test("whoever is cancelled in the pause does not begin again")
    func cancelled() async throws {
        let clock = ManualClock()
        let begun = Mutex(0)
        let runs = DeliveryRuns(clock: clock, logger: logger) { _ in
            begun.withLock { $0 += 1 }
            throw Trouble()
        }
        let task = Task { await runs.run(on: RecordingStream()) }
        while clock.sleepers == 0 { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        await task.value
        #expect(begun.withLock { $0 } == 1)
    }
}
