import Testing

@testable import Component

@Suite("Waiting for one another", .timeLimit(.minutes(10)))
struct LatchTests {
    @Test("an open latch lets everybody through, those who waited and those who come later")
    func open() async {
        let latch = Latch()
        let passed = Tally()
        await withTaskGroup { group in
            for _ in 0..<10 {
                group.addTask {
                    await latch.wait()
                    passed.add()
                }
            }
            try? await Task.sleep(for: .milliseconds(20))
            #expect(passed.count == 0)
            latch.open()
        }
        #expect(passed.count == 10 && latch.isOpen)
        latch.open()
        await latch.wait()
    }

    @Test("whoever is cancelled does not wait on, and the others do")
    func cancelled() async {
        let latch = Latch()
        let waiting = Task { await latch.wait() }
        let other = Task { await latch.wait() }
        waiting.cancel()
        await waiting.value
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await latch.wait()
        }
        await late.value
        #expect(!latch.isOpen)
        latch.open()
        await other.value
    }
}
