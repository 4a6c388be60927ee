import Component
import Synchronization
import XML
import XMPP

/// A stream that keeps what is sent on it, and answers as it is told.
final class RecordedStream: StanzaStream {
    private let sent: AsyncStream<Stanza>
    private let continuation: AsyncStream<Stanza>.Continuation
    private let answer = Mutex<StanzaError?>(nil)
    private let payload = Mutex<Element?>(nil)
    private let isOver = Mutex(false)
    private let companion = Mutex<(@Sendable (Stanza) async -> Void)?>(nil)

    init() {
        (sent, continuation) = AsyncStream.makeStream()
    }

    /// Requests are answered with this error from now on; nil for a plain result.
    func answerRequests(with error: StanzaError?) {
        answer.withLock { $0 = error }
    }

    /// Results hold this from now on.
    func answerRequests(holding element: Element) {
        payload.withLock { $0 = element }
    }

    /// Happens from now on before ``send(_:)`` returns.
    func onSending(_ body: @escaping @Sendable (Stanza) async -> Void) {
        companion.withLock { $0 = body }
    }

    func end() {
        isOver.withLock { $0 = true }
    }

    /// The next stanza that was sent and not yet taken.
    func next() async -> Stanza? {
        await sent.first { _ in true }
    }

    /// All that will ever have been sent and not yet taken.
    func rest() async -> [Stanza] {
        continuation.finish()
        return await sent.reduce(into: []) { $0.append($1) }
    }

    func send(_ stanza: Stanza) async throws(StreamClosed) {
        if isOver.withLock({ $0 }) { throw StreamClosed(end: .closedByServer) }
        continuation.yield(stanza)
        await companion.withLock { $0 }?(stanza)
    }

    func write(_ bytes: [UInt8]) async throws(StreamClosed) {}

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        continuation.yield(.iq(iq))
        let payload = payload.withLock { $0 }
        return answer.withLock { $0 }.map(iq.reply(error:)) ?? iq.reply(with: payload)
    }
}

extension Stanza {
    /// The stanza as it goes on the wire.
    var xml: String { element().xml(inheriting: .componentAccept) }

    var message: Message? {
        if case .message(let message) = self { message } else { nil }
    }
}
