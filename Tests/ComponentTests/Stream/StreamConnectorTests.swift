import Testing
import XMPP

@testable import Component

@Suite("Finding the server", .timeLimit(.minutes(10)))
struct StreamConnectorTests {
    @Test(
        "IPv4, IPv6, and a name with both of which only one answers",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("127.0.0.1", "localhost"),
        ]
    )
    func addresses(listening: String, host: String) async throws {
        let server = try await ScriptedServer(host: listening)
        let recorder = Recorder()
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run { peer, _ in
                    try await peer.accept()
                    try await peer.wait()
                }
            }
            try await connected(server.configuration(.brisk, host: host), recorder) { _ in
                _ = try await recorder.stream()
            }
        }
    }

    private func configuration(_ host: String, port: Int) throws -> StreamConfiguration {
        StreamConfiguration(
            domain: try JID("news.verona.lit"),
            host: host,
            port: port,
            secret: Secret("secret"),
            timings: .brisk
        )
    }

    @Test("a name without an address is a sentence, and tried again: it may get one later")
    func unresolved() async throws {
        let recorder = Recorder()
        let connection = makeConnection(
            try configuration("no-such-host.invalid", port: 5347),
            recorder
        )
        let running = Task { try await connection.run() }
        for _ in 0..<3000 where await recorder.failures.count < 2 {
            try await Task.sleep(for: .milliseconds(10))
        }
        await connection.stop()
        try await running.value
        // Which of the two depends on whether this machine has a name server.
        let endpoint = ServerAddress(host: "no-such-host.invalid", port: 5347)
        let sentences = [
            ConnectionFailure.unresolved(host: endpoint.host),
            .nameServerDown(host: endpoint.host),
        ].map(\.description)
        let said = await recorder.failures
        #expect(said.count >= 2 && said.allSatisfy(sentences.contains))
    }

    @Test("plain TCP to another machine is refused before the first packet")
    func remote() async throws {
        // A documentation address (RFC 5737): a packet to it would wait for the time-out.
        let line = try await firstWarning(configuration("192.0.2.1", port: 5347))
        #expect(line.hasPrefix("warning: Not connected reason=192.0.2.1:5347 is another machine"))
    }

    @Test("it is tried when it is allowed, or with TLS")
    func allowed() async throws {
        var plain = try configuration("192.0.2.1", port: 5347)
        plain.timings.connect = .milliseconds(200)
        var tls = plain
        plain.allowsPlaintextToRemote = true
        tls.security = .tls(TLSConfiguration())
        for configuration in [plain, tls] {
            let line = try await firstWarning(configuration)
            #expect(!line.contains("another machine") && line.contains("192.0.2.1:5347"))
        }
    }

    @Test("nobody listens: said without the words of a programmer")
    func refused() async throws {
        let port = try FreePorts.take()
        let line = try await firstWarning(configuration("127.0.0.1", port: port))
        #expect(
            line == "warning: Not connected reason=Nobody listens at 127.0.0.1:\(port). Check that "
                + "the server runs, and that its component port is the one in `component.server`."
        )
    }
}
