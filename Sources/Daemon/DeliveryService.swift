import Component
import Delivery
import Logging
import ServiceLifecycle
import XMPP

/// Lets the dispatcher deliver on whichever stream is open.
struct DeliveryService: Service {
    private enum Link: Sendable {
        case open(any StanzaStream, previousEnd: StreamEnd?)
        case closed
    }

    private let dispatcher: Dispatcher
    private let logger: Logger
    /// Only where things stand matters, not how they came to.
    private let changes: AsyncStream<Link>
    private let queue: AsyncStream<Link>.Continuation

    init(dispatcher: Dispatcher, logger: Logger) {
        self.dispatcher = dispatcher
        self.logger = logger
        (changes, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await deliver() }
    }

    private func deliver() async {
        var iterator = changes.makeAsyncIterator()
        var change = await iterator.next()
        while let link = change {
            guard case .open(let stream, let previousEnd) = link else {
                change = await iterator.next()
                continue
            }
            change = await withTaskGroup { group in
                group.addTask {
                    // It ends with the stream, of which we hear by the next change.
                    try? await dispatcher.run(on: stream, after: previousEnd)
                }
                let next = await iterator.next()
                group.cancelAll()
                return next
            }
        }
    }

    /// Delivers on this stream from now on.
    ///
    /// `end` says how the stream before it ended; nil for the first of the process.
    func streamOpened(_ stream: any StanzaStream, after end: StreamEnd?) {
        queue.yield(.open(stream, previousEnd: end))
    }

    func streamEnded() {
        queue.yield(.closed)
    }

    func bounced(_ message: Message) async {
        do {
            try await dispatcher.bounced(message)
        } catch {
            logger.error("A returned message was not noted", metadata: ["reason": "\(error)"])
        }
    }

    func wake() async {
        await dispatcher.wake()
    }
}
