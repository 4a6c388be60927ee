import Component
import Foundation
import XML
import XMPP

/// The connection to the server.
extension ConfigurationReading {
    static func stream(_ section: SettingsReader) -> StreamConfiguration? {
        let domain = section.address("jid")
        let server = section.string("server", default: "127.0.0.1:5347") ?? ""
        let others = section.strings("other_servers", default: []) ?? []
        let secret = secret(section)
        let ping = section.string("server_domain").flatMap { text in
            section.address(text, at: "component.server_domain", line: nil)
        }
        let security = security(section)
        let allowsPlaintext = section.boolean("allow_plain_remote", default: false)
        var timings = StreamTimings()
        timings.request = section.seconds("request_timeout", default: timings.request)
        timings.silence = section.seconds("keep_alive", default: timings.silence)
        let limits = limits(section)
        let readAhead = section.integer("read_ahead", default: 1_048_576, in: 10_000...100_000_000)
        guard let server = ServerAddress(server) else {
            section.note("'component.server' should be HOST:PORT.", key: "server")
            return nil
        }
        let otherServers = others.compactMap(ServerAddress.init)
        if otherServers.count < others.count {
            section.note(
                "'component.other_servers' should be a list of HOST:PORT.",
                key: "other_servers"
            )
        }
        guard let domain, let secret else { return nil }
        guard domain == domain.domain else {
            section.note("'component.jid' should be a domain alone, without '@'.", key: "jid")
            return nil
        }
        let stream = StreamConfiguration(
            domain: domain,
            host: server.host,
            port: server.port,
            otherServers: otherServers,
            secret: secret,
            security: security,
            allowsPlaintextToRemote: allowsPlaintext,
            limits: limits,
            timings: timings,
            readAhead: readAhead,
            pingTarget: ping
        )
        checkPlaintext(stream, section)
        return stream
    }

    private static func limits(_ section: SettingsReader) -> ParserLimits {
        var limits = ParserLimits()
        limits.maximumStanzaSize = section.integer(
            "maximum_stanza_size",
            default: limits.maximumStanzaSize,
            in: 10_000...100_000_000
        )
        limits.maximumDepth = section.integer(
            "maximum_depth",
            default: limits.maximumDepth,
            in: 16...1000
        )
        limits.maximumAttributes = section.integer(
            "maximum_attributes",
            default: limits.maximumAttributes,
            in: 16...10_000
        )
        limits.maximumNameLength = section.integer(
            "maximum_name_length",
            default: limits.maximumNameLength,
            in: 64...10_000
        )
        limits.maximumHeaderSize = section.integer(
            "maximum_header_size",
            default: limits.maximumHeaderSize,
            in: 1000...1_000_000
        )
        return limits
    }

    /// Says before the first attempt what the connection would say.
    private static func checkPlaintext(_ stream: StreamConfiguration, _ section: SettingsReader) {
        guard stream.security == .plain, !stream.allowsPlaintextToRemote else { return }
        let remedy =
            "Set 'component.tls: direct', or, in a network you trust, "
            + "'component.allow_plain_remote: true'."
        for server in stream.servers {
            let key = server == stream.server ? "server" : "other_servers"
            switch server.destination {
            case .thisMachine: break
            case .anotherMachine:
                section.note(
                    "'component.\(key)' is another machine, and without TLS everybody in between "
                        + "could read along. \(remedy)",
                    key: key
                )
            case .wherever(let name):
                section.warn(
                    "Without TLS the name '\(name)' has to lead to this machine; "
                        + "otherwise no connection is made. \(remedy)",
                    key: key
                )
            }
        }
    }

    /// The name under which a unit hands the secret over: `LoadCredential=component-secret:…`.
    private static let credential = "component-secret"

    private static func secret(_ section: SettingsReader) -> Secret? {
        let handedOver = section.record.credentials?.appending(path: credential)
        let isHandedOver =
            handedOver.map { FileManager.default.fileExists(atPath: $0.path) } ?? false
        // Whoever does not need it may be somebody to whom nothing is handed over.
        let isNeeded = section.record.needsSecret
        let named =
            isHandedOver || !isNeeded
            ? section.optionalFile("secret_file") : section.requiredFile("secret_file")
        guard isNeeded else { return Secret("") }
        guard let file = isHandedOver ? handedOver : named else { return nil }
        let path = file.path(percentEncoded: false)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            let reason =
                FileManager.default.fileExists(atPath: path)
                ? "this user may not read \(path)" : "there is no file \(path)"
            section.note("The component's secret can't be read: \(reason).", key: "secret_file")
            return nil
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else {
            section.note("The secret in \(path) is empty.", key: "secret_file")
            return nil
        }
        checkReaders(of: path, section)
        return Secret(secret)
    }

    /// Whoever has the secret can speak for the component.
    private static func checkReaders(of path: String, _ section: SettingsReader) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let rights = attributes?[.posixPermissions] as? Int, rights & 0o004 != 0 else {
            return
        }
        section.warn(
            "Every user of this machine can read the secret. Run: chmod 600 \(path)",
            key: "secret_file"
        )
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
