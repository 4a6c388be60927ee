import Testing
import XML
import XMPP

@testable import Component

@Suite(
    "With a real ejabberd",
    .enabled(if: Ejabberd.isInstalled, "Debian's ejabberd is not installed"),
    .timeLimit(.minutes(10))
)
struct EjabberdTests {
    @Test("its component port with `tls: true` and the one without: the stream opens, pings return")
    func online() async throws {
        try await Ejabberd.run { ejabberd in
            let trust = TLSConfiguration.Trust.authorities(file: ejabberd.authorities)
            for security in [.plain, StreamSecurity.tls(TLSConfiguration(trust: trust))] {
                let recorder = Recorder()
                let configuration = try ejabberd.connecting(security: security)
                try await connected(configuration, recorder) { connection in
                    let answer = try await recorder.stream().request(
                        IQ(
                            .get,
                            id: "",
                            from: JID("news.localhost"),
                            to: JID("localhost"),
                            payload: Element("ping", in: .ping)
                        )
                    )
                    #expect(answer.type == .result)
                    await connection.stop()
                    #expect(await recorder.ends == [.closedByUs])
                }
            }
            try await mistakes(ejabberd, trust)
        }
    }

    /// Each mistake in the configuration gets the words that help.
    private func mistakes(
        _ ejabberd: Ejabberd.Access,
        _ trust: TLSConfiguration.Trust
    ) async throws {
        let named = StreamSecurity.tls(TLSConfiguration(trust: trust, serverName: "verona.lit"))
        let wrongName = try await firstWarning(ejabberd.connecting(security: named))
        let names = "'localhost', 'news.localhost', 'rooms.localhost', '127.0.0.1'"
        #expect(wrongName.contains("is for \(names), not for"))

        var plain = try ejabberd.connecting(security: .plain)
        plain.port = ejabberd.tlsPort
        #expect(try await firstWarning(plain).contains("`component.tls: direct`"))

        var tls = try ejabberd.connecting(security: .tls(TLSConfiguration(trust: trust)))
        tls.port = ejabberd.port
        #expect(try await firstWarning(tls).contains("`component.tls: off`"))

        let wrongSecret = try ejabberd.connecting(secret: "sesame", security: .plain)
        let refused = await #expect(throws: ComponentRefused.self) {
            try await makeConnection(wrongSecret, Recorder()).run()
        }
        #expect(refused?.error.condition == .notAuthorized)
    }
}
