import Testing

@testable import Component

@Suite("Waiting for one another", .timeLimit(.minutes(10)))
struct LatchTests {
    @Test("a queue is full by what its elements weigh, and what was taken weighs nothing")
    func weight() async {
        let queue = BoundedQueue<Int>(capacity: 100)
        await queue.put(1, weight: 60)
        await queue.put(2, weight: 39)
        #expect(await !queue.isFull)
        await queue.put(3, weight: 0)
        #expect(await !queue.isFull)
        let putting = Task { await queue.put(4, weight: 1) }
        while await !queue.isFull { await Task.yield() }
        #expect(await queue.next() == 1)
        await putting.value
        #expect(await !queue.isFull)
        #expect(await queue.all() == [2, 3, 4])
        let again = Task { await queue.put(5, weight: 100) }
        while await !queue.isFull { await Task.yield() }
        #expect(await queue.all() == [5])
        await again.value
        #expect(await !queue.isFull)
    }

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

    @Test("a full queue makes its sender wait until something is taken, and keeps the order")
    func bounded() async {
        let queue = BoundedQueue<Int>(capacity: 3)
        let put = Tally()
        let sender = Task {
            for number in 1...10 {
                await queue.put(number)
                put.add()
            }
            await queue.finish()
        }
        while await !queue.isFull {
            await Task.yield()
        }
        try? await Task.sleep(for: .milliseconds(20))
        // The third is in, but its sender waits for room.
        #expect(put.count == 2)
        var taken: [Int] = []
        while let number = await queue.next() {
            taken.append(number)
        }
        #expect(taken == Array(1...10))
        await sender.value
    }

    @Test("all that waits is taken at once, which makes room for the sender")
    func all() async {
        let queue = BoundedQueue<Int>(capacity: 3)
        let sender = Task {
            for number in 1...4 {
                await queue.put(number)
            }
            await queue.finish()
        }
        while await !queue.isFull {
            await Task.yield()
        }
        #expect(await queue.all() == [1, 2, 3])
        await sender.value
        #expect(await queue.all() == [4])
        #expect(await queue.all() == nil)
    }

    @Test("a finished queue gives what it has, then nil, and frees its sender")
    func finished() async {
        let queue = BoundedQueue<Int>(capacity: 1)
        let sender = Task { await queue.put(1) }
        while await !queue.isFull {
            await Task.yield()
        }
        await queue.finish()
        await sender.value
        await queue.put(2)
        #expect(await queue.next() == 1)
        #expect(await queue.next() == nil)
    }
}
