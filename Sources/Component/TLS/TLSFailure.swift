/// Why there is no TLS with the server, or no longer.
public enum TLSFailure: Error, Hashable, Sendable {
    // The certificate is not the one we look for.
    case wrongName(expected: String, inCertificate: [String])
    /// Days are in UTC, as `2024-02-05`.
    case expired(on: String)
    case notYetValid(before: String)
    case selfSigned(CertificateFingerprint)
    case unknownAuthority(issuer: String)
    case wrongFingerprint(expected: CertificateFingerprint, seen: CertificateFingerprint)
    /// OpenSSL's words for whatever else is wrong with it.
    case untrusted(String)

    // The other side does not speak as we do.
    case notTLS
    case protocolTooOld
    /// It sent an alert, OpenSSL's words for it.
    case refusedByServer(String)
    case timedOut
    case closedDuringHandshake
    /// The connection ended without `close_notify` (RFC 8446 §6.1), so that something may be missing.
    case truncated
    /// OpenSSL's words for anything else.
    case broken(String)

    // It is our side.
    case unreadableAuthorities(file: String, reason: String)
    case unusable(String)
}

extension TLSFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongName(let expected, let names):
            "The server's certificate is for \(Self.list(names)), not for '\(expected)'. "
                + "Set `component.tls_name` to the server's true name, or renew the certificate."
        case .expired(let day):
            "The server's certificate, or its authority's, expired on \(day). "
                + "Renew it, or set this machine's clock right."
        case .notYetValid(let day):
            "The server's certificate, or its authority's, is not valid before \(day). "
                + "Set this machine's clock right, or wait."
        case .selfSigned(let fingerprint):
            "The server's certificate is self-signed. "
                + "If it is the right one, set `component.tls_fingerprint: \"\(fingerprint)\"`."
        case .unknownAuthority(let issuer):
            "The server's certificate was issued by '\(issuer)', which is not trusted here. "
                + "Let `component.tls_ca_file` name a file with that authority's certificate, "
                + "and the server send all certificates between."
        case .wrongFingerprint(let expected, let seen):
            "The server's certificate has the fingerprint \(seen), not \(expected). If it was "
                + "renewed, change `component.tls_fingerprint`; if not, somebody is in between."
        case .untrusted(let words):
            "The server's certificate is not accepted (\(words)). Let it get another one."
        case .notTLS:
            "The server speaks no TLS on this port. "
                + "Use its TLS port, or set `component.tls: off`."
        case .protocolTooOld:
            "The server speaks no TLS newer than 1.1, which is not safe. "
                + "Let it offer TLS 1.2 or 1.3."
        case .refusedByServer(let words):
            "The server broke off TLS (\(words)). Its log should say why."
        case .timedOut:
            "The server did not finish the TLS handshake in time. "
                + "If its port speaks no TLS, set `component.tls: off`."
        case .closedDuringHandshake:
            "The server hung up during the TLS handshake. "
                + "If its port speaks no TLS, set `component.tls: off`; else its log should say why."
        case .truncated:
            "The connection to the server broke off, without the end that TLS announces."
        case .broken(let words):
            "TLS with the server broke down (\(words)). Its log may say more."
        case .unreadableAuthorities(let file, let reason):
            "No certificates can be read from '\(file)' (\(reason)). "
                + "Let `component.tls_ca_file` name a readable PEM file."
        case .unusable(let words):
            "OpenSSL can't be set up (\(words)). Check its configuration on this machine."
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "no name at all" : names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
