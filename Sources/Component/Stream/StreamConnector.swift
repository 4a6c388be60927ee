import NIOCore
import NIOPosix
import Synchronization

/// Makes a stream and its channel: TCP, TLS if asked for, and our handlers in the pipeline.
struct StreamConnector {
    /// How many bytes are read at once: some dozen requests.
    ///
    /// Small, so that the first of a great many are at work while the rest is being parsed.
    private static let readSize = 16 * 1024

    private let configuration: StreamConfiguration
    private let executor: StreamExecutor

    init(_ configuration: StreamConfiguration, executor: StreamExecutor) {
        self.configuration = configuration
        self.executor = executor
    }

    private var endpoint: ServerAddress { configuration.server }

    /// Tries all addresses of the host, IPv6 and IPv4 (RFC 8305), until one answers.
    ///
    /// - Throws: why not; something or other when `stopping` opens meanwhile.
    func connect(unless stopping: Latch) async throws(ConnectionFailure) -> ComponentStream {
        let attempts = ConnectionAttempts()
        do {
            return try await race(stopping, attempts)
        } catch {
            let failure = ConnectionFailure(error, to: endpoint)
            // The time was over before there was an address to try.
            if case .timedOut = failure, attempts.isEmpty {
                throw .nameServerDown(host: configuration.host)
            }
            throw failure
        }
    }

    private func race(
        _ stopping: Latch,
        _ attempts: ConnectionAttempts
    ) async throws -> ComponentStream {
        try await withThrowingTaskGroup(of: ComponentStream?.self) { group in
            group.addTask {
                await stopping.wait()
                if !Task.isCancelled { attempts.abandon() }
                return nil
            }
            group.addTask { try await open(attempts) }
            defer { group.cancelAll() }
            while let stream = try await group.next() {
                if let stream { return stream }
            }
            throw CancellationError()
        }
    }

    private func open(_ attempts: ConnectionAttempts) async throws -> ComponentStream {
        let (stream, secured) = try await ClientBootstrap(
            group: executor.eventLoop
        )
        .connectTimeout(.init(configuration.timings.connect))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(
            .writeBufferWaterMark,
            value: .init(low: 64 * 1024, high: 256 * 1024)
        )
        .channelOption(.maxMessagesPerRead, value: 1)
        .channelOption(
            .recvAllocator,
            value: FixedSizeRecvByteBufferAllocator(capacity: Self.readSize)
        )
        .connect(host: configuration.host, port: configuration.port) { channel in
            attempts.note(channel)
            return channel.eventLoop.makeCompletedFuture { try furnish(channel) }
        }
        do {
            try await secured.get()
        } catch {
            stream.channel.close(promise: nil)
            throw error
        }
        return stream
    }

    /// Puts the handlers into the pipeline; the future says when stanzas may be written.
    private func furnish(
        _ channel: any Channel
    ) throws -> (stream: ComponentStream, secured: EventLoopFuture<Void>) {
        let pipeline = channel.pipeline.syncOperations
        let secured: EventLoopFuture<Void>
        switch configuration.security {
        case .plain:
            if !configuration.allowsPlaintextToRemote {
                try pipeline.addHandler(LoopbackGuard(endpoint))
            }
            secured = channel.eventLoop.makeSucceededVoidFuture()
        case .tls(let tls):
            let session = try TLSSession.client(tls, host: configuration.host)
            let promise = channel.eventLoop.makePromise(of: Void.self)
            let timeout = TimeAmount(configuration.timings.handshake)
            try pipeline.addHandler(TLSHandler(session, timeout: timeout, established: promise))
            secured = promise.futureResult
        }
        try pipeline.addHandler(StreamHandler(limits: configuration.limits))
        let stream = ComponentStream(configuration, channel: channel, executor: executor)
        try pipeline.addHandler(StreamInlet(stream))
        return (stream, secured)
    }
}

/// The channels that are trying to connect, so that they can be given up before they time out.
///
/// A lock rather than an actor: channel initialisers can't await.
private final class ConnectionAttempts: Sendable {
    private struct State {
        var isAbandoned = false
        var channels: [any Channel] = []
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock(\.channels.isEmpty) }

    func note(_ channel: any Channel) {
        let isAbandoned = state.withLock { state in
            state.channels.append(channel)
            return state.isAbandoned
        }
        if isAbandoned { channel.close(promise: nil) }
    }

    func abandon() {
        let channels = state.withLock { state in
            state.isAbandoned = true
            return state.channels
        }
        for channel in channels {
            channel.close(promise: nil)
        }
    }
}
