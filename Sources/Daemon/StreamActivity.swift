import Component
import ServiceLifecycle

/// Something that is done as long as a stream is open, and begun anew on the next one.
struct StreamActivity: Service {
    /// Gets the stream, and how the one before it ended; nil for the first of the process.
    typealias Body = @Sendable (any StanzaStream, StreamEnd?) async -> Void

    private enum Link: Sendable {
        case open(any StanzaStream, previousEnd: StreamEnd?)
        case closed
    }

    private let body: Body
    /// Only where things stand matters, not how they came to.
    private let changes: AsyncStream<Link>
    private let queue: AsyncStream<Link>.Continuation

    init(_ body: @escaping Body) {
        self.body = body
        (changes, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await follow() }
    }

    func streamOpened(_ stream: any StanzaStream, after end: StreamEnd?) {
        queue.yield(.open(stream, previousEnd: end))
    }

    func streamEnded() {
        queue.yield(.closed)
    }

    /// Starts the body on each stream; the next change of the link cancels it.
    private func follow() async {
        var iterator = changes.makeAsyncIterator()
        var change = await iterator.next()
        while let link = change {
            guard case .open(let stream, let previousEnd) = link else {
                change = await iterator.next()
                continue
            }
            change = await withTaskGroup { group in
                group.addTask { await body(stream, previousEnd) }
                let next = await iterator.next()
                group.cancelAll()
                return next
            }
        }
    }
}
