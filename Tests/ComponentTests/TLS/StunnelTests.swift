import Testing
import XML
import XMPP

@testable import Component

@Suite(
    "With a real Prosody behind a real stunnel",
    .serialized,
    .enabled(if: Prosody.isInstalled, "Debian's prosody is not installed"),
    .enabled(if: Stunnel.isInstalled, "Debian's stunnel4 is not installed"),
    .timeLimit(.minutes(10))
)
struct StunnelTests {
    private let authority: TestIdentity
    private let identity: TestIdentity
    private let folder: TestFolder
    private let security: StreamSecurity

    init() throws {
        authority = try TestIdentity("Verona Root", isAuthority: true)
        identity = try TestIdentity("server", names: ["IP:127.0.0.1"], issuer: authority)
        folder = try TestFolder()
        let file = try folder.write(authority.certificate, to: "root.pem")
        security = .tls(TLSConfiguration(trust: .authorities(file: file)))
    }

    private func withServers(
        _ version: String,
        _ body: (Prosody, Stunnel) async throws -> Void
    ) async throws {
        let prosody = try await Prosody()
        defer { prosody.remove() }
        let stunnel = try await Stunnel(
            before: prosody.port,
            identity: identity,
            version: version
        )
        try await prosody.run {
            try await stunnel.run { try await body(prosody, stunnel) }
        }
    }

    @Test(
        "the stream opens, stanzas of any size come back, and we leave politely",
        arguments: ["TLSv1.2", "TLSv1.3"]
    )
    func life(version: String) async throws {
        try await withServers(version) { prosody, stunnel in
            let recorder = Recorder()
            let configuration = try prosody.connecting(port: stunnel.port, security: security)
            try await connected(configuration, recorder) { connection in
                let stream = try await recorder.stream()
                let us = try JID("news.localhost")
                let sizes = [1, 100_000, 10, 200_000]
                for size in sizes {
                    let body = String(repeating: "ü", count: size)
                    try await stream.send(
                        .message(Message(.chat, id: "\(size)", from: us, to: us, body: body))
                    )
                }
                var heard: [Int] = []
                for batches in 1...sizes.count where heard.count < sizes.count {
                    try await recorder.wait(batches: batches)
                    heard = await recorder.batches.joined().compactMap { inbound in
                        guard case .stanza(.message(let message)) = inbound else { return nil }
                        return message.body?.count
                    }
                }
                #expect(heard == sizes)
                await connection.stop()
                #expect(await recorder.ends == [.closedByUs])
            }
        }
    }

    @Test("when the tunnel ends, that is noticed at once")
    func tunnelEnds() async throws {
        let recorder = Recorder()
        let prosody = try await Prosody()
        defer { prosody.remove() }
        let stunnel = try await Stunnel(
            before: prosody.port,
            identity: identity,
            version: "TLSv1.3"
        )
        try await prosody.run {
            let configuration = try prosody.connecting(port: stunnel.port, security: security)
            try await connected(configuration, recorder) { _ in
                try await stunnel.run { _ = try await recorder.stream() }
                try await recorder.wait(ends: 1)
                #expect(await recorder.ends.first?.isClean == false)
                try await stunnel.run { _ = try await recorder.stream(1) }
            }
        }
    }

    @Test("without TLS on our side, the log says which setting is wrong")
    func plain() async throws {
        try await withServers("TLSv1.3") { prosody, stunnel in
            let line = try await firstWarning(prosody.connecting(port: stunnel.port))
            #expect(line.contains("`component.tls: direct`"))
        }
    }

    @Test("with TLS on our side alone, too")
    func needlessTLS() async throws {
        let prosody = try await Prosody()
        defer { prosody.remove() }
        try await prosody.run {
            let line = try await firstWarning(prosody.connecting(security: security))
            #expect(
                line == "warning: Not connected reason=The server speaks no TLS on this port. "
                    + "Use its TLS port, or set `component.tls: off`."
            )
        }
    }
}
