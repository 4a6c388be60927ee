import COpenSSL

/// What people want to know of a certificate that was not accepted.
///
/// The `X509` belongs to OpenSSL, and lives as long as the callback that hands it out.
struct PeerCertificate {
    let pointer: OpaquePointer

    /// Nil if OpenSSL offers no SHA-256.
    var fingerprint: CertificateFingerprint? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard X509_digest(pointer, EVP_sha256(), &digest, &count) == 1 else { return nil }
        return CertificateFingerprint(digest: Array(digest.prefix(Int(count))))
    }

    /// The host names it is for; addresses among them in the usual notation.
    var names: [String] {
        guard let list = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let stack = OpaquePointer(list)
        defer { GENERAL_NAMES_free(stack) }
        return (0..<OPENSSL_sk_num(stack)).compactMap { index in
            OPENSSL_sk_value(stack, index).flatMap {
                Self.name($0.assumingMemoryBound(to: GENERAL_NAME.self))
            }
        }
    }

    var issuer: String {
        let words = MemoryBIO()
        defer { words.free() }
        X509_NAME_print_ex(
            words.pointer,
            X509_get_issuer_name(pointer),
            0,
            broadsheet_name_flags()
        )
        return words.read().map { String(buffer: $0) } ?? "nobody"
    }

    /// The first and the last day on which it is valid, in UTC.
    var firstDay: String { Self.day(X509_get0_notBefore(pointer)) }
    var lastDay: String { Self.day(X509_get0_notAfter(pointer)) }

    private static func day(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown day" }
        let numbers = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
        return numbers.map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: "-")
    }

    private static func name(_ entry: UnsafeMutablePointer<GENERAL_NAME>) -> String? {
        var type: Int32 = 0
        guard let value = GENERAL_NAME_get0_value(entry, &type) else { return nil }
        let string = value.assumingMemoryBound(to: ASN1_STRING.self)
        guard let start = ASN1_STRING_get0_data(string) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string)))
        switch type {
        case GEN_DNS: return String(decoding: bytes, as: UTF8.self)
        case GEN_IPADD: return address(Array(bytes))
        default: return nil
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4:
            return bytes.map(String.init).joined(separator: ".")
        case 16:
            return stride(from: 0, to: 16, by: 2).map { index in
                String(Int(bytes[index]) << 8 | Int(bytes[index + 1]), radix: 16)
            }.joined(separator: ":")
        default:
            return nil
        }
    }
}
