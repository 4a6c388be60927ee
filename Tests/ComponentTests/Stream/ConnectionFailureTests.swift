import Glibc
import NIOCore
import NIOEmbedded
import Testing

@testable import Component

@Suite("No connection, in words")
struct ConnectionFailureTests {
    private static let endpoint = ServerAddress(host: "chat.verona.lit", port: 5347)

    @Test(
        "what the operating system says becomes a sentence with a remedy",
        arguments: [
            (
                ECONNREFUSED,
                "Nobody listens at chat.verona.lit:5347. Check that the server runs, "
                    + "and that its component port is the one in `component.server`."
            ),
            (
                EHOSTUNREACH,
                "chat.verona.lit:5347 can't be reached (No route to host). "
                    + "Check the network and `component.server`."
            ),
            (
                ETIMEDOUT,
                "chat.verona.lit:5347 did not answer in time. Check `component.server`, "
                    + "and whether a firewall is in between."
            ),
            (
                EMFILE,
                "No more files or connections can be opened. Raise the limit (`LimitNOFILE=`), "
                    + "or look for what uses them up."
            ),
            (EPERM, "No connection to chat.verona.lit:5347 (Operation not permitted)."),
        ]
    )
    func system(code: Int32, words: String) {
        let error = IOError(errnoCode: code, reason: "connect(descriptor:addr:size:)")
        #expect(ConnectionFailure(error, to: Self.endpoint).description == words)
    }

    @Test("no such name, and nobody to ask for it, are two different things")
    func names() {
        let unknown =
            "There is no address for the name 'chat.verona.lit'. "
            + "Check `component.server`, or add the name to the DNS."
        let down =
            "No name server could be asked for 'chat.verona.lit'. Check this machine's network "
            + "and /etc/resolv.conf, or set `component.server` to an address."
        // As in Glibc's netdb.h: EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_FAIL, EAI_SERVICE.
        for (code, words) in [
            (-2, unknown), (-5, unknown), (-3, down), (-4, down),
            (-8, "No connection to chat.verona.lit:5347 (not served)."),
        ] {
            let failure = ConnectionFailure.lookup(code, words: "not served", Self.endpoint)
            #expect(failure.description == words)
        }
    }

    @Test("the sentence about plain TCP to another machine names both ways out")
    func plaintext() {
        let failure = ConnectionFailure.plaintextToRemote(Self.endpoint, address: "192.0.2.1")
        #expect(
            failure.description
                == "chat.verona.lit:5347 is another machine (192.0.2.1), and without TLS everybody "
                + "in between could read along. Set `component.tls: direct`, or, in a network you "
                + "trust, `component.allow_plain_remote: true`."
        )
        #expect(ServerAddress(host: "::1", port: 1).description == "[::1]:1")
    }

    @Test(
        "only what stays on this machine is loopback",
        arguments: [
            ("127.0.0.1", true), ("127.200.3.4", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false), ("10.0.0.1", false), ("0.0.0.0", false), ("::", false),
            ("::ffff:10.0.0.1", false), ("fe80::1", false), ("2001:db8::7f00:1", false),
            ("7f00::1", false),
        ]
    )
    func loopback(address: String, isLoopback: Bool) throws {
        let address = try SocketAddress(ipAddress: address, port: 5347)
        #expect(address.isLoopback == isLoopback)
        let channel = EmbeddedChannel(handler: LoopbackGuard(Self.endpoint))
        let connecting = channel.connect(to: address)
        if isLoopback {
            try connecting.wait()
        } else {
            #expect(throws: ConnectionFailure.self) { try connecting.wait() }
        }
        #expect(channel.isActive == isLoopback)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
