import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import Daemon

@Suite("Monitoring over HTTP")
struct MonitoringServerTests {
    private static let pages = MonitoringPages(
        metrics: { [MetricSample(.streamUp, 1)] },
        health: { .init(isWell: true, text: "Alive.") },
        readiness: { .init(isWell: false, text: "Not connected yet.") }
    )

    /// What the server answers to some bytes on a connection of its own, until it hangs up.
    private func answer(to text: String) async throws -> String {
        try await serving { server in
            let port = try #require(server.port)
            return try await Self.exchange(text, port)
        }
    }

    private func serving<Value: Sendable>(
        _ change: (inout MonitoringServer) -> Void = { _ in },
        _ body: @escaping @Sendable (MonitoringServer) async throws -> Value
    ) async throws -> Value {
        var server = try await MonitoringServer.bind(
            to: .port(host: "127.0.0.1", 0),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            pages: Self.pages
        )
        change(&server)
        let changed = server
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await changed.run() }
            let value = try await body(changed)
            group.cancelAll()
            return value
        }
    }

    private static func exchange(_ text: String, _ port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            return try await inbound.reduce(into: "") { $0 += String(buffer: $1) }
        }
    }

    @Test("metrics are answered with their media type, and the connection is closed")
    func metrics() async throws {
        let answer = try await answer(to: "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(answer.contains("connection: close\r\n"))
        #expect(answer.hasSuffix("\nbroadsheet_stream_up 1\n"))
    }

    @Test(
        "each page has its status",
        arguments: [
            ("GET /healthz", "HTTP/1.1 200", "Alive.\n"),
            ("GET /readyz?verbose", "HTTP/1.1 503", "Not connected yet.\n"),
            ("HEAD /readyz", "HTTP/1.1 503", "\r\n\r\n"),
            ("GET /", "HTTP/1.1 404", "/readyz.\n"),
            ("POST /metrics", "HTTP/1.1 405", "only.\n"),
        ]
    )
    func status(request: String, status: String, end: String) async throws {
        let answer = try await answer(to: "\(request) HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(answer.hasPrefix(status))
        #expect(answer.hasSuffix(end))
    }

    @Test("what is no HTTP is refused, and the next one is served")
    func noHTTP() async throws {
        let (bad, good) = try await serving { server in
            let port = try #require(server.port)
            return (
                try await Self.exchange("<stream:stream>\r\n\r\n", port),
                try await Self.exchange("GET /healthz HTTP/1.0\r\n\r\n", port)
            )
        }
        #expect(bad.isEmpty || bad.hasPrefix("HTTP/1.1 400"))
        #expect(good.hasPrefix("HTTP/1.0 200"))
    }

    @Test(
        "of those who only hold a connection no more are let in than there are places",
        .timeLimit(.minutes(15))
    )
    func crowd() async throws {
        try await serving({ server in
            server.mostConnections = 2
            server.patience = .seconds(3600)
        }) { server in
            let port = try #require(server.port)
            // Which of them it is depends on which is looked at first.
            try await Self.oneIsHungUpOn(of: 3, port)
        }
    }

    @Test("who asks nothing is hung up on in the end", .timeLimit(.minutes(15)))
    func silent() async throws {
        try await serving({ $0.patience = .milliseconds(10) }) { server in
            try await Self.oneIsHungUpOn(of: 1, try #require(server.port))
        }
    }

    private static func oneIsHungUpOn(of count: Int, _ port: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                let channel = try await ClientBootstrap(
                    group: .singletonMultiThreadedEventLoopGroup
                )
                .connect(host: "127.0.0.1", port: port).get()
                group.addTask {
                    try await withTaskCancellationHandler {
                        try await channel.closeFuture.get()
                    } onCancel: {
                        channel.close(promise: nil)
                    }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
