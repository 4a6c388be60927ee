/// A queue between one task that puts and one that takes; whoever puts into a full one waits.
///
/// That is how a slow receiver slows down the reading of the socket.
actor BoundedQueue<Element: Sendable> {
    private let capacity: Int
    private var elements: [Element] = []
    private var isFinished = false
    private var putting: CheckedContinuation<Void, Never>?
    private var taking: CheckedContinuation<Void, Never>?

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isFull: Bool { elements.count >= capacity }

    /// Adds an element, and returns when there is room for another.
    func put(_ element: Element) async {
        guard !isFinished else { return }
        elements.append(element)
        taking.take()?.resume()
        guard isFull else { return }
        await withCheckedContinuation { putting = $0 }
    }

    /// The next element; nil when the queue is finished and empty.
    func next() async -> Element? {
        if elements.isEmpty && !isFinished {
            await withCheckedContinuation { taking = $0 }
        }
        guard !elements.isEmpty else { return nil }
        let element = elements.removeFirst()
        if !isFull { putting.take()?.resume() }
        return element
    }

    /// All that wait in the queue, one at least; nil when it is finished and empty.
    func all() async -> [Element]? {
        guard let first = await next() else { return nil }
        defer {
            elements.removeAll(keepingCapacity: true)
            putting.take()?.resume()
        }
        return [first] + elements
    }

    /// Nothing comes any more; what is in the queue can still be taken.
    func finish() {
        isFinished = true
        taking.take()?.resume()
        putting.take()?.resume()
    }
}
