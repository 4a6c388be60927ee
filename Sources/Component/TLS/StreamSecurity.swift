/// How the bytes of a stream are protected.
public enum StreamSecurity: Hashable, Sendable {
    /// Not at all.
    case plain
    /// TLS from the first byte on, with a port that speaks it ("direct TLS").
    case tls(TLSConfiguration)
}

/// Whom TLS takes for the server.
public struct TLSConfiguration: Hashable, Sendable {
    /// What makes a certificate good.
    public enum Trust: Hashable, Sendable {
        /// It is for the server's name, and an authority the system trusts stands behind it.
        case system
        /// It is for the server's name, and a certificate in this PEM file stands behind it, or is
        /// the same.
        case authorities(file: String)
        /// It is this very one, whatever it says of name and time.
        case fingerprint(CertificateFingerprint)
    }

    public var trust: Trust

    /// The name asked for and looked for in the certificate; nil stands for the host connected to.
    public var serverName: String?

    public init(trust: Trust = .system, serverName: String? = nil) {
        self.trust = trust
        self.serverName = serverName
    }
}

/// The SHA-256 digest of a whole certificate, by which it can be told from all others.
public struct CertificateFingerprint: Hashable, Sendable {
    private static let size = 32

    let bytes: [UInt8]

    init(digest: [UInt8]) {
        bytes = digest
    }

    /// Reads 64 hexadecimal digits, with or without colons or spaces between them.
    ///
    /// What `openssl x509 -noout -fingerprint -sha256` puts in front is accepted too. Nil if it is
    /// nothing of the kind.
    public init?(_ text: String) {
        let digits = (text.split(separator: "=").last ?? "").filter { $0 != ":" && $0 != " " }
        guard digits.utf8.count == 2 * Self.size else { return nil }
        var bytes: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard let first = rest.popFirst()?.hexDigitValue,
                let second = rest.popFirst()?.hexDigitValue
            else { return nil }
            bytes.append(UInt8(first * 16 + second))
        }
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }
}

extension CertificateFingerprint: CustomStringConvertible {
    /// As `openssl` prints it: `4F:0A:…`.
    public var description: String {
        bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }
}
