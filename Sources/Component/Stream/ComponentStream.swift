import NIOCore
import XML
import XMPP

/// One stream to the server, from our header to its end.
///
/// The actor holds what the stream knows and is the only one to write; `ComponentStream+Reading`
/// takes what the server sends, `ComponentStream+Time` what the clock says. It runs on its channel's
/// event loop: a request that comes alone is read, answered and written without waking a thread.
actor ComponentStream: StanzaStream {
    typealias Instant = ContinuousClock.Instant
    enum Phase {
        /// Next: `open`, `closing`, `over`.
        case handshaking(ComponentHandshake)
        /// Next: `closing`, `over`.
        case open
        /// Our closing tag is sent, or waits for writes that are under way. Next: `over`.
        case closing(StreamEnd)
        case over(StreamEnd)
    }

    let configuration: StreamConfiguration
    let channel: any Channel
    private let executor: StreamExecutor
    /// The instants at which the clock has something for us, earliest first.
    let alarms: AsyncStream<Instant>
    let alarmSetter: AsyncStream<Instant>.Continuation

    var phase = Phase.handshaking(ComponentHandshake())
    var openedAt: Instant?
    var tracker: IQTracker<PendingAnswer>
    var keepAlive: KeepAlive
    var lifeSigns = LifeSigns(now: .now)
    var handshakeDeadline: Instant?
    var closingDeadline: Instant?
    /// The earliest alarm that is set.
    var nextAlarm: Instant?

    /// Who hears of it; nobody before the stream is run.
    var delegate: (any StanzaStreamDelegate)?
    /// Between reading and the delegate, so that answers are seen while the delegate works.
    var backlog: Backlog
    /// What was read before the stream is run.
    var early: [StreamBatch] = []
    /// Whether the socket is not read, since the delegate has too much to do.
    var isReadingPaused = false
    /// The task in which the delegate works, or worked last.
    var delivery: Task<Void, Never>?
    var isDelivering = false
    /// Opens when nothing can be read any more.
    let isOver = Latch()

    private var ids = IDGenerator()
    /// Who writes while the socket is full waits for it to open.
    private(set) var room: Latch?
    private var writesUnderWay = 0
    private var farewell: [UInt8]?

    init(
        _ configuration: StreamConfiguration,
        channel: any Channel,
        executor: StreamExecutor
    ) {
        self.configuration = configuration
        self.channel = channel
        self.executor = executor
        backlog = Backlog(capacity: configuration.readAhead)
        (alarms, alarmSetter) = AsyncStream.makeStream()
        tracker = IQTracker(ownDomain: configuration.domain)
        let timings = configuration.timings
        keepAlive = KeepAlive(
            silence: timings.silence,
            answer: timings.pingAnswer,
            deafness: timings.deafness,
            now: .now
        )
    }

    nonisolated var server: ServerAddress? { configuration.server }
    var lastLife: Instant? { lifeSigns.last }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }
}

// MARK: - Sending

extension ComponentStream {
    nonisolated(nonsending) func send(_ stanza: Stanza) async throws(StreamClosed) {
        try await write(Self.bytes(of: stanza))
    }

    func write(_ bytes: [UInt8]) async throws(StreamClosed) {
        try await write(ByteBuffer(bytes: bytes))
    }

    func write(_ batch: StanzaBatch) async throws(StreamClosed) {
        try await write(batch.buffer)
    }

    private func write(_ buffer: ByteBuffer) async throws(StreamClosed) {
        switch phase {
        case .open:
            break
        case .handshaking:
            throw StreamClosed(end: .lost(.handshake(.timedOut)))
        case .closing(let end), .over(let end):
            throw StreamClosed(end: end)
        }
        writesUnderWay += 1
        defer {
            writesUnderWay -= 1
            sayFarewell()
        }
        while !channel.isWritable {
            try await waitForRoom()
        }
        channel.writeAndFlush(buffer, promise: nil)
    }

    private func waitForRoom() async throws(StreamClosed) {
        if room == nil, isReadingPaused { resumeKeepAlive() }
        let room = room ?? Latch()
        self.room = room
        await room.wait()
        if case .over(let end) = phase { throw StreamClosed(end: end) }
        if Task.isCancelled { throw StreamClosed(end: .closedByUs) }
    }

    /// The socket has taken enough of what was written, or nothing is written any more.
    func openRoom() {
        guard let room = room.take() else { return }
        if isReadingPaused { keepAlive.paused(at: .now) }
        room.open()
    }

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        var iq = iq
        let answer = PendingAnswer()
        if iq.id.isEmpty { iq.id = ids.next() }
        var key = tracker.sending(id: iq.id, to: iq.to, answer)
        while key == nil {
            iq.id = ids.next()
            key = tracker.sending(id: iq.id, to: iq.to, answer)
        }
        guard let key else { preconditionFailure("a request without a key") }
        do throws(StreamClosed) {
            try await write(Self.bytes(of: .iq(iq)))
        } catch {
            tracker.forget(key)
            throw .streamClosed(error.end)
        }
        let deadline = Instant.now + (timeout ?? configuration.timings.request)
        tracker.sent(key, deadline: deadline)
        setAlarm(at: deadline)
        return try await answer.wait()
    }

    /// Writes what opens the stream, before stanzas may be sent.
    func writeNow(_ writer: Writer) {
        channel.writeAndFlush(ByteBuffer(bytes: writer.bytes), promise: nil)
    }

    static func bytes(of stanza: Stanza) -> [UInt8] {
        var writer = Writer()
        writer.write(stanza.element(), inheriting: .componentAccept)
        return writer.bytes
    }
}

// MARK: - Ending

extension ComponentStream {
    /// Says goodbye, with an error if the server made one, and waits for the server's.
    func close(_ error: StreamError? = nil, as end: StreamEnd = .closedByUs) {
        switch phase {
        case .handshaking, .open: break
        case .closing, .over: return
        }
        phase = .closing(end)
        handshakeDeadline = nil
        var writer = Writer()
        if let error { writer.writePrefixed(error) }
        writer.write(raw: "</stream:stream>")
        farewell = writer.bytes
        closingDeadline = .now + configuration.timings.closing
        setAlarm(at: closingDeadline)
        sayFarewell()
    }

    /// The stream is over; what it ended with stays what was said first, unless that was our closing
    /// tag and got no answer.
    func finish(_ end: StreamEnd) {
        let final: StreamEnd
        switch phase {
        case .handshaking, .open: final = end
        case .closing(.closedByUs): final = end
        case .closing(let first): final = first
        case .over: return
        }
        phase = .over(final)
        for answer in tracker.removeAll() {
            answer.resolve(.failure(.streamClosed(final)))
        }
        alarmSetter.finish()
        isOver.open()
        openRoom()
        channel.close(promise: nil)
    }

    /// Sends the closing tag once the last write is through, so that no stanza comes after it.
    private func sayFarewell() {
        guard writesUnderWay == 0, let bytes = farewell.take() else { return }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }
}

extension Writer {
    /// Writes `<stream:error/>` with the prefix our header declared: some servers look no further.
    fileprivate mutating func writePrefixed(_ error: StreamError) {
        write(raw: "<stream:error>")
        for case .element(let child) in error.element.children {
            write(child, inheriting: .componentAccept)
        }
        write(raw: "</stream:error>")
    }
}
