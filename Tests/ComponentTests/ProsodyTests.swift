import Testing
import XML
import XMPP

@testable import Component

@Suite(
    "With a real Prosody",
    .serialized,
    .enabled(if: Prosody.isInstalled, "Debian's prosody is not installed"),
    .timeLimit(.minutes(10))
)
struct ProsodyTests {
    private func withProsody(_ body: (Prosody) async throws -> Void) async throws {
        let prosody = try await Prosody()
        defer { prosody.remove() }
        try await body(prosody)
    }

    private func ping(_ stream: any StanzaStream, to peer: String) async throws -> IQ {
        try await stream.request(
            IQ(
                .get,
                id: "",
                from: JID("news.localhost"),
                to: JID(peer),
                payload: Element("ping", in: .ping)
            ),
            timeout: .seconds(10)
        )
    }

    @Test("with the right secret the stream opens, a ping comes back, and we leave politely")
    func online() async throws {
        try await withProsody { prosody in
            try await prosody.run {
                let recorder = Recorder()
                try await connected(try prosody.connecting(), recorder) { connection in
                    let stream = try await recorder.stream()
                    #expect(try await ping(stream, to: "localhost").type == .result)
                    // An address with nobody behind it answers with an error, which is an answer.
                    let nobody = try await ping(stream, to: "nobody@localhost/nowhere")
                    #expect(nobody.error?.condition == .serviceUnavailable)
                    await connection.stop()
                    #expect(await recorder.ends == [.closedByUs])
                }
            }
        }
    }

    @Test("our own stanzas come back to us whole, many at once and large ones too")
    func loopBack() async throws {
        try await withProsody { prosody in
            try await prosody.run {
                let recorder = Recorder()
                try await connected(try prosody.connecting(), recorder) { _ in
                    let stream = try await recorder.stream()
                    let us = try JID("news.localhost")
                    for size in [1, 100_000, 10, 200_000, 1] {
                        let body = String(repeating: "ü", count: size)
                        try await stream.send(
                            .message(Message(.chat, id: "\(size)", from: us, to: us, body: body))
                        )
                    }
                    var sizes: [Int] = []
                    for batches in 1...5 where sizes.count < 5 {
                        try await recorder.wait(batches: batches)
                        sizes = await recorder.batches.joined().compactMap { inbound in
                            guard case .stanza(.message(let message)) = inbound else { return nil }
                            return message.body?.count
                        }
                    }
                    #expect(sizes == [1, 100_000, 10, 200_000, 1])
                }
            }
        }
    }

    @Test("a wrong secret and an unknown domain end it at once, in words an operator understands")
    func refused() async throws {
        try await withProsody { prosody in
            try await prosody.run {
                let wrongSecret = await #expect(throws: ComponentRefused.self) {
                    let sesame = try prosody.connecting(secret: "sesame")
                    try await makeConnection(sesame, Recorder()).run()
                }
                #expect(wrongSecret?.error.condition == .notAuthorized)
                #expect(
                    wrongSecret?.description.hasPrefix(
                        "The server refused 'news.localhost' (not-authorized). Compare domain and "
                            + "secret with the component entry in its configuration."
                    ) == true
                )
                let unknown = await #expect(throws: ComponentRefused.self) {
                    let elsewhere = try prosody.connecting(to: "olds.localhost")
                    try await makeConnection(elsewhere, Recorder()).run()
                }
                #expect(unknown?.error.condition == .hostUnknown)
            }
        }
    }

    @Test("a second connection of the same domain is a conflict: retried, never fatal")
    func conflict() async throws {
        try await withProsody { prosody in
            try await prosody.run {
                let first = Recorder()
                let second = Recorder()
                try await connected(try prosody.connecting(), first) { connection in
                    _ = try await first.stream()
                    try await connected(try prosody.connecting(), second) { _ in
                        try await Task.sleep(for: .milliseconds(300))
                        #expect(await second.streams.isEmpty)
                        await connection.stop()
                        _ = try await second.stream()
                    }
                }
            }
        }
    }

    @Test("when the server restarts, we are back as soon as it is")
    func restart() async throws {
        try await withProsody { prosody in
            let recorder = Recorder()
            try await connected(try prosody.connecting(), recorder) { _ in
                // The server is down at first, which is no reason to give up.
                try await Task.sleep(for: .milliseconds(100))
                try await prosody.run { _ = try await recorder.stream(0) }
                try await recorder.wait(ends: 1)
                try await prosody.run {
                    let stream = try await recorder.stream(1)
                    #expect(try await ping(stream, to: "localhost").type == .result)
                }
            }
            let ends = await recorder.ends
            #expect(ends.count == 2)
            // Prosody 0.12 sends components no closing tag when it shuts down.
            #expect(ends.first == .lost(.disconnected))
        }
    }
}
