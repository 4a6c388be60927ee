import COpenSSL

/// Decides whether the server's certificate is good, and remembers why not.
///
/// OpenSSL asks it in the middle of the handshake, before anything of ours is encrypted for the
/// wrong one. OpenSSL itself builds the chain and compares names; a pinned certificate needs
/// neither.
final class CertificateCheck {
    private let name: String
    private let pin: CertificateFingerprint?
    private(set) var failure: TLSFailure?

    init(_ configuration: TLSConfiguration, name: String) {
        self.name = name
        pin =
            if case .fingerprint(let fingerprint) = configuration.trust { fingerprint } else { nil }
    }

    /// Makes OpenSSL ask this check; it must live as long as any session of the context.
    func install(in context: OpaquePointer) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(
            context,
            { store, check in
                guard let store, let check else { return 0 }
                let this = Unmanaged<CertificateCheck>.fromOpaque(check).takeUnretainedValue()
                return this.accepts(store) ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func accepts(_ store: OpaquePointer) -> Bool {
        if let pin { return matches(pin, store) }
        guard X509_verify_cert(store) != 1 else { return true }
        failure = reason(store)
        return false
    }

    private func matches(_ pin: CertificateFingerprint, _ store: OpaquePointer) -> Bool {
        let seen = X509_STORE_CTX_get0_cert(store).flatMap {
            PeerCertificate(pointer: $0).fingerprint
        }
        guard seen != pin else {
            X509_STORE_CTX_set_error(store, X509_V_OK)
            return true
        }
        // Decides the alert that the server gets.
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
        failure = seen.map { .wrongFingerprint(expected: pin, seen: $0) } ?? .unusable("no SHA-256")
        return false
    }

    private func reason(_ store: OpaquePointer) -> TLSFailure {
        let code = X509_STORE_CTX_get_error(store)
        let words = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) }
        let other = TLSFailure.untrusted(words ?? "error \(code)")
        // The one that is wrong may be an authority's; where it matters, the leaf is looked at.
        guard let leaf = X509_STORE_CTX_get0_cert(store).map(PeerCertificate.init) else {
            return other
        }
        let culprit = X509_STORE_CTX_get_current_cert(store).map(PeerCertificate.init) ?? leaf
        switch code {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return .wrongName(expected: name, inCertificate: leaf.names)
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return .expired(on: culprit.lastDay)
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return .notYetValid(before: culprit.firstDay)
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return leaf.fingerprint.map { .selfSigned($0) } ?? other
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return .unknownAuthority(issuer: culprit.issuer)
        default:
            return other
        }
    }
}
