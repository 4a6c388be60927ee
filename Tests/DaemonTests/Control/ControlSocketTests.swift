import Foundation
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import Daemon

@Suite("Control socket")
struct ControlSocketTests {
    private let path = URL.temporaryDirectory.appending(path: "bs-\(UUID().uuidString.prefix(8))")

    @Test("a command, its progress and its end go through")
    func roundTrip() async throws {
        let socket = try await ControlSocket.bind(to: path, logger: Logger(label: "test")) {
            request,
            say in
            await say(ControlReply(.progress, "half of \(request.words)"))
            return ControlReply(.done, "all of it, in \(request.language)")
        }
        let mode =
            try FileManager.default.attributesOfItem(
                atPath: path.path(percentEncoded: false)
            )[.posixPermissions] as? Int
        #expect(mode == 0o660)
        try await withThrowingTaskGroup { group in
            group.addTask { try await socket.run() }
            let said = Said()
            let reply = try await ControlClient(socket: path).run(
                ControlRequest(words: ["publish", "2026-10"], language: "fr"),
                progress: { said.append($0) }
            )
            #expect(reply == ControlReply(.done, "all of it, in fr"))
            #expect(await said.lines == ["half of [\"publish\", \"2026-10\"]"])
            group.cancelAll()
        }
    }

    @Test("a request that says nothing of consent gives none")
    func olderRequest() throws {
        let line = Data(#"{"words": ["retract", "2026-10"], "language": "en"}"#.utf8)
        let request = try JSONDecoder().decode(ControlRequest.self, from: line)
        #expect(request == ControlRequest(words: ["retract", "2026-10"], language: "en"))
        #expect(request.consent == .notGiven)
    }

    @Test("what is no command ends the connection, and the service goes on")
    func nonsense() async throws {
        let socket = try await ControlSocket.bind(to: path, logger: Logger(label: "test")) { _, _ in
            ControlReply(.done, "fine")
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await socket.run() }
            try await say(String(repeating: "x", count: 100_000) + "\n")
            try await say("{\"words\": 7}\n")
            let reply = try await ControlClient(socket: path).run(
                ControlRequest(words: ["status"], language: "en"),
                progress: { _ in }
            )
            #expect(reply.text == "fine")
            group.cancelAll()
        }
    }

    @Test("connections that come while the socket is being closed are no harm")
    func neverServed() async throws {
        let path = path.path(percentEncoded: false)
        let clients = try await {
            let socket = try await ControlSocket.bind(to: self.path, logger: Logger(label: "test"))
            {
                _,
                _ in ControlReply(.done, "never asked")
            }
            var clients: [any Channel] = []
            for _ in 0..<5 {
                clients.append(
                    try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                        .connect(unixDomainSocketPath: path).get()
                )
            }
            // Time for the event loop to accept them: nothing outside can see that it has.
            try await Task.sleep(for: .milliseconds(100))
            let run = Task { try await socket.run() }
            run.cancel()
            try await run.value
            return clients
        }()
        // The socket may have closed them by now.
        for client in clients { try? await client.close() }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// Writes a text to the socket and waits until the other side has closed it.
    private func say(_ text: String) async throws {
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path.path(percentEncoded: false)).get()
        // It may be closed before all is written.
        try? await client.writeAndFlush(ByteBuffer(string: text))
        try await client.closeFuture.get()
    }

    @Test("without a service the shell is told what to check")
    func notRunning() async {
        await #expect {
            _ = try await ControlClient(socket: path).run(
                ControlRequest(words: ["status"], language: "en"),
                progress: { _ in }
            )
        } throws: { error in
            "\(error)".contains("Is 'broadsheet run' running")
        }
    }
}

/// Lines said, in order.
private final class Said: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func append(_ line: String) {
        continuation.yield(line)
    }

    var lines: [String] {
        get async {
            continuation.finish()
            return await stream.reduce(into: []) { $0.append($1) }
        }
    }
}
