/// A queue between one task that puts and one that takes; whoever puts into a full one waits.
///
/// Elements weigh something, one if nothing is said; it is full when all together reach a weight.
/// That is how a slow receiver slows down the reading of the socket.
actor BoundedQueue<Element: Sendable> {
    private let capacity: Int
    private var elements: [(element: Element, weight: Int)] = []
    private var weight = 0
    private var isFinished = false
    private var putting: CheckedContinuation<Void, Never>?
    private var taking: CheckedContinuation<Void, Never>?

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isFull: Bool { weight >= capacity }

    /// Adds an element, full or not.
    func add(_ element: Element, weight: Int = 0) {
        guard !isFinished else { return }
        elements.append((element, weight))
        self.weight += weight
        taking.take()?.resume()
    }

    /// Adds an element, and returns when there is room for another.
    func put(_ element: Element, weight: Int = 1) async {
        guard !isFinished else { return }
        add(element, weight: weight)
        guard isFull else { return }
        await withCheckedContinuation { putting = $0 }
    }

    /// The next element; nil when the queue is finished and empty.
    func next() async -> Element? {
        if elements.isEmpty && !isFinished {
            await withCheckedContinuation { taking = $0 }
        }
        guard !elements.isEmpty else { return nil }
        let (element, weight) = elements.removeFirst()
        self.weight -= weight
        if !isFull { putting.take()?.resume() }
        return element
    }

    /// All that wait in the queue, one at least; nil when it is finished and empty.
    func all() async -> [Element]? {
        guard let first = await next() else { return nil }
        defer {
            elements.removeAll(keepingCapacity: true)
            weight = 0
            putting.take()?.resume()
        }
        return [first] + elements.map(\.element)
    }

    /// Nothing comes any more; what is in the queue can still be taken.
    func finish() {
        isFinished = true
        taking.take()?.resume()
        putting.take()?.resume()
    }
}
