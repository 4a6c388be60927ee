import Testing

@testable import Component

@Suite("What is wrong with TLS, in words")
struct TLSFailureTests {
    private static let seen = CertificateFingerprint(
        digest: [0x0A] + .init(repeating: 0xFF, count: 31)
    )
    private static let text = "0A" + String(repeating: ":FF", count: 31)

    @Test(
        "each is one line that says what to do",
        arguments: [
            (
                TLSFailure.wrongName(expected: "a.lit", inCertificate: ["b.lit", "10.0.0.1"]),
                "The server's certificate is for 'b.lit', '10.0.0.1', not for 'a.lit'. Set "
                    + "`component.tls_name` to the server's true name, or renew the certificate."
            ),
            (
                .wrongName(expected: "a.lit", inCertificate: []),
                "The server's certificate is for no name at all, not for 'a.lit'. Set "
                    + "`component.tls_name` to the server's true name, or renew the certificate."
            ),
            (
                .expired(on: "2024-02-05"),
                "The server's certificate, or its authority's, expired on 2024-02-05. "
                    + "Renew it, or set this machine's clock right."
            ),
            (
                .notYetValid(before: "2024-02-05"),
                "The server's certificate, or its authority's, is not valid before 2024-02-05. "
                    + "Set this machine's clock right, or wait."
            ),
            (
                .selfSigned(seen),
                "The server's certificate is self-signed. If it is the right one, "
                    + "set `component.tls_fingerprint: \"\(text)\"`."
            ),
            (
                .unknownAuthority(issuer: "CN = Verona Root"),
                "The server's certificate was issued by 'CN = Verona Root', which is not trusted "
                    + "here. Let `component.tls_ca_file` name a file with that authority's "
                    + "certificate, and the server send all certificates between."
            ),
            (
                .wrongFingerprint(expected: seen, seen: seen),
                "The server's certificate has the fingerprint \(text), not \(text). If it was "
                    + "renewed, change `component.tls_fingerprint`; if not, somebody is in between."
            ),
            (
                .untrusted("unsuitable certificate purpose"),
                "The server's certificate is not accepted (unsuitable certificate purpose). "
                    + "Let it get another one."
            ),
            (
                .notTLS,
                "The server speaks no TLS on this port. "
                    + "Use its TLS port, or set `component.tls: off`."
            ),
            (
                .protocolTooOld,
                "The server speaks no TLS newer than 1.1, which is not safe. "
                    + "Let it offer TLS 1.2 or 1.3."
            ),
            (
                .refusedByServer("unrecognized name"),
                "The server broke off TLS (unrecognized name). Its log should say why."
            ),
            (
                .timedOut,
                "The server did not finish the TLS handshake in time. "
                    + "If its port speaks no TLS, set `component.tls: off`."
            ),
            (
                .closedDuringHandshake,
                "The server hung up during the TLS handshake. If its port speaks no TLS, "
                    + "set `component.tls: off`; else its log should say why."
            ),
            (
                .truncated,
                "The connection to the server broke off, without the end that TLS announces."
            ),
            (
                .broken("bad record mac"),
                "TLS with the server broke down (bad record mac). Its log may say more."
            ),
            (
                .unreadableAuthorities(file: "/a.pem", reason: "Permission denied"),
                "No certificates can be read from '/a.pem' (Permission denied). "
                    + "Let `component.tls_ca_file` name a readable PEM file."
            ),
            (
                .unusable("no SHA-256"),
                "OpenSSL can't be set up (no SHA-256). "
                    + "Check its configuration on this machine."
            ),
        ]
    )
    func words(failure: TLSFailure, words: String) {
        #expect(failure.description == words)
    }
}
