import NIOCore
import Testing

@testable import Component

@Suite("Whose certificate is good")
struct CertificateTests {
    private static let host = "chat.verona.lit"
    private let authority: TestIdentity
    private let folder: TestFolder
    private let trusting: TLSConfiguration

    init() throws {
        authority = try TestIdentity("Verona Root", isAuthority: true)
        folder = try TestFolder()
        let file = try folder.write(authority.certificate, to: "root.pem")
        trusting = TLSConfiguration(trust: .authorities(file: file))
    }

    private func issue(
        _ names: [String],
        days: ClosedRange<Int> = -1...30
    ) throws -> TestIdentity {
        try TestIdentity("server", names: names, days: days, issuer: authority)
    }

    /// How the client's side ends.
    private func phase(
        _ configuration: TLSConfiguration,
        host: String = host,
        server: TestIdentity
    ) throws -> TLSSession.Phase {
        var dialogue = try TLSDialogue(
            configuration,
            host: host,
            server: TLSServer(identity: server)
        )
        dialogue.run()
        if dialogue.client.phase != .open { #expect(dialogue.server.phase != .open) }
        return dialogue.client.phase
    }

    @Test(
        "a name in the certificate is good, also by wild card, or an address as address",
        arguments: [
            (["DNS:a.lit", "DNS:chat.verona.lit"], "chat.verona.lit"),
            (["DNS:*.verona.lit"], "chat.verona.lit"),
            (["DNS:chat.verona.lit"], "CHAT.Verona.lit."),
            (["IP:127.0.0.1"], "127.0.0.1"),
            (["IP:::1"], "::1"),
        ]
    )
    func goodNames(names: [String], host: String) throws {
        #expect(try phase(trusting, host: host, server: issue(names)) == .open)
    }

    @Test(
        "any other name is not, and the names that it has are told",
        arguments: [
            (["DNS:mail.verona.lit", "IP:10.0.0.1"], "chat.verona.lit"),
            (["DNS:*.lit"], "chat.verona.lit"),
            (["DNS:chat.verona.lit"], "verona.lit"),
            (["DNS:127.0.0.1"], "127.0.0.1"),
            (["IP:127.0.0.1"], "::1"),
            ([], "server"),
        ]
    )
    func wrongNames(names: [String], host: String) throws {
        let expected = TLSFailure.wrongName(
            expected: host,
            inCertificate: names.map { String($0.drop { $0 != ":" }.dropFirst()) }
        )
        #expect(try phase(trusting, host: host, server: issue(names)) == .failed(expected))
    }

    @Test("another name can be looked for than the host that is connected to")
    func otherName() throws {
        var configuration = trusting
        configuration.serverName = Self.host
        let server = try issue(["DNS:\(Self.host)"])
        #expect(try phase(configuration, host: "127.0.0.1", server: server) == .open)
    }

    @Test("expired, or not valid yet: the day is told")
    func time() throws {
        let names = ["DNS:\(Self.host)"]
        guard
            case .failed(.expired(let last)) = try phase(
                trusting,
                server: issue(names, days: -20 ... -10)
            ),
            case .failed(.notYetValid(let first)) = try phase(
                trusting,
                server: issue(names, days: 10...20)
            )
        else {
            Testing.Issue.record("the time was not looked at")
            return
        }
        #expect(last.wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil)
        #expect(first > last)
    }

    @Test("self-signed: the fingerprint to pin is told, and with it the server is good")
    func selfSigned() throws {
        let server = try TestIdentity("server", names: ["DNS:\(Self.host)"])
        let fingerprint = try server.fingerprint
        for configuration in [trusting, TLSConfiguration(trust: .system)] {
            #expect(
                try phase(configuration, server: server) == .failed(.selfSigned(fingerprint))
            )
        }
        let pinning = TLSConfiguration(trust: .fingerprint(fingerprint))
        #expect(try phase(pinning, server: server) == .open)
        // It may also stand in the file itself.
        let file = try folder.write(server.certificate, to: "server.pem")
        let listing = TLSConfiguration(trust: .authorities(file: file))
        #expect(try phase(listing, server: server) == .open)
    }

    @Test("an authority that nobody here trusts is named")
    func unknownAuthority() throws {
        let stranger = try TestIdentity("Mantua Röot", isAuthority: true)
        let server = try TestIdentity("server", names: ["DNS:\(Self.host)"], issuer: stranger)
        let expected = TLSFailure.unknownAuthority(issuer: "CN = Mantua Röot")
        for configuration in [trusting, TLSConfiguration(trust: .system)] {
            #expect(try phase(configuration, server: server) == .failed(expected))
        }
    }

    @Test("a pinned certificate counts whatever it says; any other is refused and shown")
    func pinned() throws {
        let old = try TestIdentity("x", names: ["DNS:x"], days: -20 ... -10)
        let pinning = TLSConfiguration(trust: .fingerprint(try old.fingerprint))
        #expect(try phase(pinning, server: old) == .open)
        let other = try issue(["DNS:\(Self.host)"])
        let expected = TLSFailure.wrongFingerprint(
            expected: try old.fingerprint,
            seen: try other.fingerprint
        )
        #expect(try phase(pinning, server: other) == .failed(expected))
    }

    @Test("a certificate that is no authority's can't vouch for others")
    func notAnAuthority() throws {
        let middle = try issue(["DNS:mail.verona.lit"])
        let server = try TestIdentity("server", names: ["DNS:\(Self.host)"], issuer: middle)
        guard case .failed = try phase(trusting, server: server) else {
            Testing.Issue.record("accepted")
            return
        }
    }

    @Test("a file that can't be read, or holds no certificate, is named with the reason")
    func badFile() throws {
        for (file, reason) in [
            ("\(folder.path)/none.pem", "No such file or directory"),
            (try folder.write("roses\n", to: "roses.pem"), "no certificate or crl found"),
        ] {
            #expect(throws: TLSFailure.unreadableAuthorities(file: file, reason: reason)) {
                try TLSSession.client(
                    TLSConfiguration(trust: .authorities(file: file)),
                    host: Self.host
                )
            }
        }
        #expect(throws: TLSFailure.unusable("'a b\0c' is no host name")) {
            try TLSSession.client(TLSConfiguration(), host: "a b\0c")
        }
    }

    @Test("a fingerprint is read in any usual notation, and nothing else is one")
    func fingerprints() throws {
        let text = try authority.fingerprint.description
        #expect(text.count == 95)
        let read = CertificateFingerprint(text)
        #expect(try read == authority.fingerprint)
        for other in [
            text.lowercased(), text.replacing(":", with: ""), text.replacing(":", with: " "),
            "sha256 Fingerprint=\(text)",
        ] {
            #expect(CertificateFingerprint(other) == read)
        }
        for wrong in ["", "AB:CD", text + ":00", String(text.dropLast()) + "G", "ü" + text] {
            #expect(CertificateFingerprint(wrong) == nil)
        }
    }
}
