import Component
import ServiceLifecycle

/// Something that is done as long as a stream is open, and begun anew on the next one.
struct StreamActivity: Service {
    typealias Body = @Sendable (any StanzaStream) async -> Void

    private enum Link: Sendable {
        case open(any StanzaStream)
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

    func streamOpened(_ stream: any StanzaStream) {
        queue.yield(.open(stream))
    }

    func streamEnded() {
        queue.yield(.closed)
    }

    /// Starts the body on each stream; the next change of the link cancels it.
    private func follow() async {
        var iterator = changes.makeAsyncIterator()
        var change = await iterator.next()
        while let link = change {
            guard case .open(let stream) = link else {
                change = await iterator.next()
                continue
            }
            change = await withTaskGroup { group in
                group.addTask { await body(stream) }
                let next = await iterator.next()
                group.cancelAll()
                return next
            }
        }
    }
}
