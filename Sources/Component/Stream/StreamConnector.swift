import NIOCore
import NIOPosix
import Synchronization

/// Makes the channel of a stream: TCP, with our handler in the pipeline.
struct StreamConnector {
    typealias Channel = ComponentStream.Channel

    private let configuration: StreamConfiguration

    init(_ configuration: StreamConfiguration) {
        self.configuration = configuration
    }

    /// Tries all addresses of the host, IPv6 and IPv4 (RFC 8305), until one answers.
    ///
    /// - Throws: what the system says of the last address, also when `stopping` opens meanwhile.
    func connect(unless stopping: Latch) async throws -> Channel {
        let attempts = ConnectionAttempts()
        return try await withThrowingTaskGroup(of: Channel?.self) { group in
            group.addTask {
                await stopping.wait()
                if !Task.isCancelled { attempts.abandon() }
                return nil
            }
            group.addTask { try await open(attempts) }
            defer { group.cancelAll() }
            while let channel = try await group.next() {
                if let channel { return channel }
            }
            throw CancellationError()
        }
    }

    private func open(_ attempts: ConnectionAttempts) async throws -> Channel {
        let limits = configuration.limits
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.init(configuration.timings.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .writeBufferWaterMark,
                value: .init(low: 64 * 1024, high: 256 * 1024)
            )
            .connect(host: configuration.host, port: configuration.port) { channel in
                attempts.note(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(limits: limits))
                    return try Channel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(
                            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4)
                        )
                    )
                }
            }
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
