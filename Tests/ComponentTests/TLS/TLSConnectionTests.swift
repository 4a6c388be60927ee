import Synchronization
import Testing
import XMPP

@testable import Component

@Suite("A connection with TLS, over loopback", .timeLimit(.minutes(10)))
struct TLSConnectionTests {
    private let server: TLSServer

    init() throws {
        server = TLSServer(identity: try TestIdentity("server"))
    }

    @Test("handshake, stanzas, and a goodbye of both the stream and TLS")
    func life() async throws {
        let isPolite = Latch()
        try await dialogue(tls: server) { peer, _ in
            try await peer.accept()
            try await peer.say("<message from='verona.lit' to='news.verona.lit'/>")
            try await peer.hear("</stream:stream>")
            try await peer.say("</stream:stream>")
            // A cut connection would throw here.
            if try await peer.hear("more") == nil { isPolite.open() }
        } body: { recorder, connection in
            try await recorder.wait(streams: 1, batches: 1)
            await connection.stop()
            #expect(await recorder.ends == [.closedByUs])
            for _ in 0..<1000 where !isPolite.isOpen {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(isPolite.isOpen)
        }
    }

    @Test("a stream cut off without TLS's goodbye is lost, and followed by a new one")
    func cut() async throws {
        try await dialogue(tls: server) { peer, connection in
            try await peer.accept()
            if connection == 0 { try await peer.cut() }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends.first == .lost(.tls(.truncated)))
        }
    }

    @Test("what the server said with its goodbye is heard to the last byte")
    func lastWords() async throws {
        let text = String(repeating: "x", count: 300_000)
        try await dialogue(tls: server) { peer, connection in
            try await peer.accept()
            guard connection == 0 else { return try await peer.wait() }
            try await peer.say("<message id='m'><body>\(text)</body></message></stream:stream>")
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends.first == .closedByServer)
            guard case .stanza(.message(let message)) = await recorder.batches.joined().first else {
                Testing.Issue.record("the message is missing")
                return
            }
            #expect(message.body == text)
        }
    }

    @Test("a certificate that is not trusted is no connection, and the log says what to set")
    func untrusted() async throws {
        let listener = try await ScriptedServer(tls: server)
        let configuration = try listener.configuration(
            .brisk,
            security: .tls(TLSConfiguration())
        )
        let line = try await firstWarning(configuration, server: listener) { peer, _ in
            let heard = try await peer.hear("s")
            #expect(heard == nil, "something was said to a stranger")
        }
        let fingerprint = try server.identity.fingerprint
        #expect(
            line == "warning: Not connected reason=The server's certificate is self-signed. "
                + "If it is the right one, set `component.tls_fingerprint: \"\(fingerprint)\"`."
        )
    }

    @Test(
        "a server that does not speak as we do is told apart by how it answers",
        arguments: [
            (
                true, "<?xml version='1.0'?>",
                "Not connected reason=The server speaks no TLS on this port. "
                    + "Use its TLS port, or set `component.tls: off`."
            ),
            (
                true, "",
                "Not connected reason=The server hung up during the TLS handshake. If its port "
                    + "speaks no TLS, set `component.tls: off`; else its log should say why."
            ),
            (
                true, "wait",
                "Not connected reason=The server did not finish the TLS handshake in time. "
                    + "If its port speaks no TLS, set `component.tls: off`."
            ),
            (
                false, "\u{15}\u{3}\u{1}\0\u{2}\u{2}F",
                "Stream ended clean=false reason=The server speaks TLS on this port. "
                    + "Set `component.tls: direct`, or use its plain port."
            ),
            (
                false, "",
                "Stream ended clean=false reason=The server hung up during the handshake. Check "
                    + "that its port is the component port, and whether it wants TLS "
                    + "(`component.tls: direct`); its log may say more."
            ),
        ]
    )
    func mismatch(withTLS: Bool, answer: String, line: String) async throws {
        let listener = try await ScriptedServer()
        var timings = StreamTimings.brisk
        if answer == "wait" { timings.handshake = .milliseconds(300) }
        let configuration = try listener.configuration(
            timings,
            security: withTLS ? .tls(TLSConfiguration()) : .plain
        )
        let warning = try await firstWarning(configuration, server: listener) { peer, _ in
            if answer == "wait" { return try await peer.wait() }
            // Read first, since closing with unread bytes is a reset.
            _ = try await peer.skip(50)
            try await peer.say(answer)
        }
        #expect(warning == "warning: \(line)")
    }

    @Test(
        "stopping does not wait for a TLS handshake that does not come",
        .timeLimit(.minutes(10))
    )
    func stopped() async throws {
        let listener = try await ScriptedServer()
        var timings = StreamTimings()
        timings.handshake = .seconds(3600)
        let configuration = try listener.configuration(
            timings,
            security: .tls(TLSConfiguration())
        )
        let isThere = Latch()
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                try await listener.run { peer, _ in
                    isThere.open()
                    try await peer.wait()
                }
            }
            try await connected(configuration, Recorder()) { _ in await isThere.wait() }
        }
    }
}
