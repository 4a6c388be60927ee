import Commands
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The Unix socket through which the shell commands reach the running service.
///
/// Who can open the socket may do everything: its file belongs to the service's user and group.
struct ControlSocket: Service {
    typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    typealias Answer =
        @Sendable (ControlRequest, _ say: @escaping @Sendable (ControlReply) async -> Void) async
        -> ControlReply

    /// How many bytes a path may have; the system itself takes four more.
    static let longestPath = 103

    /// Connections come as plain channels that don't read yet: NIO stops the program if a wrapped
    /// one is dropped unserved, as those are that come while the socket is being closed.
    private let server: NIOAsyncChannel<any NIOCore.Channel, Never>
    private let path: String
    private let logger: Logger
    private let answer: Answer

    /// Binds the socket; a file left over by a service that died is replaced.
    static func bind(to url: URL, logger: Logger, answer: @escaping Answer) async throws -> Self {
        let path = url.path(percentEncoded: false)
        do {
            let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .childChannelOption(.autoRead, value: false)
                .bind(try GroupSocket.bind(to: path)) { channel in
                    channel.eventLoop.makeSucceededFuture(channel)
                }
            return Self(server: server, path: path, logger: logger, answer: answer)
        } catch {
            throw ControlError.cannotBind(path: path, reason: ControlError.reason(of: error))
        }
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await server.executeThenClose { connections in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await connection in connections {
                            group.addTask { await serve(connection) }
                        }
                    } catch {
                        logger.debug("control socket closed", metadata: ["reason": "\(error)"])
                    }
                }
            }
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Answers the commands of one connection, one after the other.
    private func serve(_ accepted: any NIOCore.Channel) async {
        do {
            let connection = try await accepted.eventLoop.submit {
                let connection = try ControlConnection.configure(accepted)
                try accepted.syncOptions?.setOption(.autoRead, value: true)
                return connection
            }.get()
            try await connection.executeThenClose { lines, out in
                for try await line in lines {
                    let request = try ControlLine.decode(ControlRequest.self, from: line)
                    let reply = await answer(request) { reply in
                        guard let line = try? ControlLine.encode(reply) else { return }
                        try? await out.write(line)
                    }
                    try await out.write(try ControlLine.encode(reply))
                }
            }
        } catch {
            logger.debug("control connection ended", metadata: ["reason": "\(error)"])
        }
    }
}

enum ControlConnection {
    static func configure(_ channel: any NIOCore.Channel) throws -> ControlSocket.Channel {
        try channel.pipeline.syncOperations.addHandler(
            ByteToMessageHandler(
                ControlLineDecoder(),
                maximumBufferSize: ControlLineDecoder.maximumLength
            )
        )
        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
    }
}

/// What can go wrong between the shell and the service.
package enum ControlError: Error, CustomStringConvertible {
    case cannotBind(path: String, reason: String)
    case notRunning(path: String, reason: String)
    case closed

    package var description: String {
        switch self {
        case .cannotBind(let path, let reason):
            "The control socket \(path) can't be made: \(reason). Check that its directory exists, "
                + "belongs to this user, and that the path is shorter than 104 bytes."
        case .notRunning(let path, let reason):
            "No service answers at \(path): \(reason). Is 'broadsheet run' running with this "
                + "configuration, and may you open its socket?"
        case .closed:
            "The service ended before it could answer. What you asked for may have been done; "
                + "asking again does no harm."
        }
    }

    /// The system's own words for what went wrong, without the library's.
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case SocketAddressError.unixDomainSocketPathTooLong: "the path is too long"
        default: "\(error)"
        }
    }
}
