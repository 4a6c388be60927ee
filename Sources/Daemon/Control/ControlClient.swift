package import Foundation
import NIOCore
import NIOPosix

/// Gives a command to the running service and hands out what it says.
package struct ControlClient: Sendable {
    private let path: String

    package init(socket: URL) {
        path = socket.path(percentEncoded: false)
    }

    /// Waits until the command is done; `progress` gets what is said on the way.
    package func run(
        _ request: ControlRequest,
        progress: @Sendable (String) -> Void
    ) async throws -> ControlReply {
        let channel: ControlSocket.Channel
        do {
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ControlConnection.configure(channel)
                    }
                }
        } catch {
            throw ControlError.notRunning(path: path, reason: ControlError.reason(of: error))
        }
        return try await channel.executeThenClose { lines, out in
            try await out.write(try ControlLine.encode(request))
            for try await line in lines {
                let reply = try ControlLine.decode(ControlReply.self, from: line)
                guard reply.kind == .progress else { return reply }
                progress(reply.text)
            }
            throw ControlError.closed
        }
    }
}
