public import XML
public import XMPP

/// One stream from handshake to its end; sending on one that is over throws.
public protocol StanzaStream: Sendable {
    /// Where it leads; nil if that has no address.
    var server: ServerAddress? { get }

    /// A moment at which the server lived for certain, and after which nothing is known; nil if the
    /// stream does not tell.
    ///
    /// Of what was read it is not when we read it, which may be long after its sender had died. While a
    /// stream is open it is about as old as the silence after which the server is asked, at most.
    var lastLife: ContinuousClock.Instant? { get async }

    nonisolated(nonsending) func send(_ stanza: Stanza) async throws(StreamClosed)

    /// Writes whole stanzas that were serialised before, in the namespace of component streams.
    ///
    /// Waits while the socket is full. The bytes of one call stay together.
    nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(StreamClosed)

    /// Writes a batch of them, as above.
    nonisolated(nonsending) func write(_ batch: StanzaBatch) async throws(StreamClosed)

    /// Sends a request and waits for its answer, matched by id and sender.
    ///
    /// Result or error both return; only silence or the stream's end throw. An id that is empty,
    /// or still in use toward the same address, is replaced by one of our own.
    /// The time-out runs from when the request is written; nil stands for the usual time.
    nonisolated(nonsending) func request(
        _ iq: IQ,
        timeout: Duration?
    ) async throws(RequestFailure) -> IQ
}

extension StanzaStream {
    public var server: ServerAddress? { nil }
    public var lastLife: ContinuousClock.Instant? { nil }

    public nonisolated(nonsending) func write(_ batch: StanzaBatch) async throws(StreamClosed) {
        try await write(batch.bytes)
    }

    /// Sends a request and waits the usual time for its answer.
    public nonisolated(nonsending) func request(_ iq: IQ) async throws(RequestFailure) -> IQ {
        try await request(iq, timeout: nil)
    }
}

/// What the server sends on an open stream.
public enum Inbound: Hashable, Sendable {
    case stanza(Stanza)
    /// Not a stanza we can handle; its `reply` is what the sender should get.
    case unreadable(StanzaReadingError)
    /// A stanza over the size or depth limit: its start tag alone, and its size in bytes.
    case oversized(Element, size: Int)
}

/// What is left of a batch when it has been looked through, before anything is done about it.
public struct SiftedBatch: Sendable {
    /// In order, what goes to ``StanzaStreamDelegate/received(_:on:)``.
    public var admitted: [Inbound]
    /// What is sent at once to those who were turned away.
    public var refusals: [Stanza]

    public init(admitted: [Inbound], refusals: [Stanza] = []) {
        self.admitted = admitted
        self.refusals = refusals
    }
}

/// Who lives on the stream.
///
/// Its functions are called one after the other, never two at once, on the stream's event loop: what
/// takes long belongs elsewhere. It may await the answer to a request in any of them.
public protocol StanzaStreamDelegate: Sendable {
    nonisolated(nonsending) func streamOpened(_ stream: any StanzaStream) async

    /// Turns away what is not to be worked on, as soon as it is read.
    ///
    /// Called beside the others, and quick: nothing is read meanwhile. A server that is not read
    /// from queues without bound (ejabberd), and at last is busy with its queue alone, so that a
    /// flood must never make us wait.
    ///
    /// - Parameters:
    ///   - batch: What has arrived, answers to our requests taken out.
    ///   - isFull: Whether as much waits already as may; while anything is admitted then, the socket
    ///     is not read.
    /// - Returns: What is to be worked on, and what those are told who are turned away.
    func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch

    /// All that arrived in one read, or while the batch before was at work: in order, answers to
    /// our requests taken out.
    ///
    /// The next batch waits until this returns; if many wait, the socket is no longer read.
    nonisolated(nonsending) func received(
        _ batch: [Inbound],
        on stream: any StanzaStream
    ) async

    /// Called once for each `streamOpened`, after the last batch.
    nonisolated(nonsending) func streamEnded(_ end: StreamEnd) async

    /// An attempt came to no open stream, for this reason; there will be another.
    func notOpened(reason: String) async
}

extension StanzaStreamDelegate {
    public func sift(_ batch: [Inbound], isFull: Bool) -> SiftedBatch {
        SiftedBatch(admitted: batch)
    }

    public func notOpened(reason: String) {}
}
