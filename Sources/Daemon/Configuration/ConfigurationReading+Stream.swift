import Component
import Foundation
import XML
import XMPP

/// The connection to the server.
extension ConfigurationReading {
    static func stream(_ section: SettingsReader) -> StreamConfiguration? {
        let domain = section.address("jid")
        let server = section.string("server", default: "127.0.0.1:5347") ?? ""
        let secret = secret(section)
        let ping = section.string("server_domain").flatMap { text in
            section.address(text, at: "component.server_domain", line: nil)
        }
        let security = security(section)
        let allowsPlaintext = section.boolean("allow_plain_remote", default: false)
        var timings = StreamTimings()
        timings.request = section.seconds("request_timeout", default: timings.request)
        timings.silence = section.seconds("keep_alive", default: timings.silence)
        let size = section.integer(
            "maximum_stanza_size",
            default: 1_048_576,
            in: 10_000...100_000_000
        )
        guard let (host, port) = endpoint(server) else {
            section.note("'component.server' should be HOST:PORT.", key: "server")
            return nil
        }
        guard let domain, let secret else { return nil }
        guard domain == domain.domain else {
            section.note("'component.jid' should be a domain alone, without '@'.", key: "jid")
            return nil
        }
        return StreamConfiguration(
            domain: domain,
            host: host,
            port: port,
            secret: secret,
            security: security,
            allowsPlaintextToRemote: allowsPlaintext,
            limits: ParserLimits(maximumStanzaSize: size),
            timings: timings,
            pingTarget: ping
        )
    }

    /// Splits `host:port`; an IPv6 address stands in brackets.
    private static func endpoint(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        let host = text[..<colon].trimmingCharacters(in: ["[", "]"])
        return host.isEmpty ? nil : (host, port)
    }

    private static func secret(_ section: SettingsReader) -> Secret? {
        guard let file = section.requiredFile("secret_file") else { return nil }
        let path = file.path(percentEncoded: false)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            section.note("The secret can't be read from \(path).", key: "secret_file")
            return nil
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else {
            section.note("The secret in \(path) is empty.", key: "secret_file")
            return nil
        }
        return Secret(secret)
    }

    private enum TLSMode: String, CaseIterable {
        case off, direct
    }

    private static func security(_ section: SettingsReader) -> StreamSecurity {
        let mode = section.choice("tls", default: TLSMode.off)
        let file = section.string("tls_ca_file") == nil ? nil : section.requiredFile("tls_ca_file")
        let fingerprint = fingerprint(section)
        let name = section.string("tls_name")
        guard mode == .direct else {
            if file != nil || fingerprint != nil || name != nil {
                section.note("The keys 'tls_…' have no effect without 'tls: direct'.", key: "tls")
            }
            return .plain
        }
        if file != nil, fingerprint != nil {
            section.note(
                "'tls_ca_file' and 'tls_fingerprint' exclude each other.",
                key: "tls_fingerprint"
            )
        }
        var trust = TLSConfiguration.Trust.system
        if let file { trust = .authorities(file: file.path(percentEncoded: false)) }
        if let fingerprint { trust = .fingerprint(fingerprint) }
        return .tls(TLSConfiguration(trust: trust, serverName: name))
    }

    private static func fingerprint(_ section: SettingsReader) -> CertificateFingerprint? {
        guard let text = section.string("tls_fingerprint") else { return nil }
        guard let fingerprint = CertificateFingerprint(text) else {
            section.note(
                "'component.tls_fingerprint' should be what 'openssl x509 -noout -fingerprint "
                    + "-sha256' prints: 32 bytes in hexadecimal.",
                key: "tls_fingerprint"
            )
            return nil
        }
        return fingerprint
    }
}
