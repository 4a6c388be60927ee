import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Answers those who watch us, over HTTP: one request a connection, and nothing between them.
struct MonitoringServer: Service {
    private typealias Connection = NIOAsyncChannel<
        HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>
    >

    /// Who comes while so many are served is hung up on.
    var mostConnections = 16
    /// How long one may take to ask and to read.
    var patience = Duration.seconds(30)

    private let server: NIOAsyncChannel<any Channel, Never>
    private let address: MonitoringAddress
    private let logger: Logger
    private let pages: MonitoringPages

    static func bind(
        to address: MonitoringAddress,
        logger: Logger,
        pages: MonitoringPages
    ) async throws -> Self {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
        do {
            let server =
                switch address {
                case .port(let host, let port):
                    try await bootstrap.bind(host: host, port: port) { channel in
                        channel.eventLoop.makeSucceededFuture(channel)
                    }
                case .socket(let file):
                    try await bootstrap.bind(
                        try GroupSocket.bind(to: file.path(percentEncoded: false))
                    ) { channel in
                        channel.eventLoop.makeSucceededFuture(channel)
                    }
                }
            return Self(server: server, address: address, logger: logger, pages: pages)
        } catch {
            throw MonitoringError(address: address, reason: ControlError.reason(of: error))
        }
    }

    /// The port that the system chose, where none was asked for.
    var port: Int? { server.channel.localAddress?.port }

    func run() async throws {
        let places = Places(mostConnections)
        try await cancelWhenGracefulShutdown {
            try await server.executeThenClose { connections in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await channel in connections {
                            guard places.take() else {
                                channel.close(promise: nil)
                                continue
                            }
                            group.addTask {
                                await serve(channel)
                                places.give()
                            }
                        }
                    } catch {
                        // Being asked to end is how it ends; it is no failure of the program.
                        logger.debug("Monitoring ended", metadata: ["reason": "\(error)"])
                    }
                }
            }
        }
        if case .socket(let file) = address { try? FileManager.default.removeItem(at: file) }
    }

    private func serve(_ channel: any Channel) async {
        await withTaskGroup { group in
            group.addTask {
                do {
                    try await answer(channel)
                } catch {
                    logger.debug("Monitoring", metadata: ["reason": "\(error)"])
                }
            }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func answer(_ channel: any Channel) async throws {
        let connection = try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(BufferWrapper())
            let connection = try Connection(wrappingChannelSynchronously: channel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return connection
        }.get()
        try await connection.executeThenClose { parts, out in
            var asked: HTTPRequestHead?
            for try await part in parts {
                if case .head(let head) = part { asked = head }
                if case .end = part { break }
            }
            guard let asked else { return }
            let page = await pages.page(asked.method, asked.uri)
            let body = ByteBuffer(string: page.text)
            var head = HTTPResponseHead(version: asked.version, status: page.status)
            head.headers.add(name: "content-type", value: page.mediaType)
            head.headers.add(name: "content-length", value: "\(body.readableBytes)")
            head.headers.add(name: "cache-control", value: "no-store")
            head.headers.add(name: "connection", value: "close")
            try await out.write(.head(head))
            if asked.method != .HEAD { try await out.write(.body(body)) }
            try await out.write(.end(nil))
        }
    }
}

/// How many more connections may be served at once.
private final class Places: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func give() {
        free.withLock { $0 += 1 }
    }
}

/// Makes of what is safe to hand between threads what the encoder takes.
private final class BufferWrapper: ChannelOutboundHandler {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        let part: HTTPServerResponsePart =
            switch unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let buffer): .body(.byteBuffer(buffer))
            case .end(let trailers): .end(trailers)
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}

/// The metrics can't be shown where the configuration says.
struct MonitoringError: Error, CustomStringConvertible {
    let address: MonitoringAddress
    let reason: String

    var description: String {
        "The metrics can't be shown at \(address): \(reason). Set 'metrics.listen' to another port or "
            + "path, or to 'off'."
    }
}
