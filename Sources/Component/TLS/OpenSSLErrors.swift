import COpenSSL

/// What OpenSSL left in the error queue of this thread.
///
/// The queue is shared by all that runs on the thread: whoever calls OpenSSL clears it before, and
/// drains it at once.
struct OpenSSLErrors {
    private let codes: [UInt]

    /// Takes all there are, oldest first.
    static func drain() -> OpenSSLErrors {
        var codes: [UInt] = []
        while case let code = ERR_get_error(), code != 0 {
            codes.append(code)
        }
        return OpenSSLErrors(codes: codes)
    }

    /// The first error's words: the later ones only say who passed it on.
    var words: String {
        guard let code = codes.first else { return "no reason given" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }

    /// What it means for TLS.
    var failure: TLSFailure {
        for case let reason in codes.map({ ERR_GET_REASON($0) }) {
            switch reason {
            case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                SSL_R_VERSION_TOO_LOW:
                return .protocolTooOld
            case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST:
                return .notTLS
            case 1000..<1256:
                // 1000 and the number of the alert that came (RFC 8446 §6).
                return .refusedByServer(words)
            default:
                continue
            }
        }
        return .broken(words)
    }
}
