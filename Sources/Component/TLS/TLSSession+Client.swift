import COpenSSL
import Glibc

extension TLSSession {
    /// Makes our side of a connection to `host`.
    ///
    /// Each connection has a context of its own, so that a certificate file changed on disk counts
    /// from the next connection on, and nothing is shared between threads.
    static func client(
        _ configuration: TLSConfiguration,
        host: String
    ) throws(TLSFailure) -> TLSSession {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw .unusable(OpenSSLErrors.drain().words)
        }
        defer { SSL_CTX_free(context) }
        let name = checkedName(configuration.serverName ?? host)
        let check = CertificateCheck(configuration, name: name)
        check.install(in: context)
        try setRules(context)
        try setTrust(configuration.trust, context)
        guard let ssl = SSL_new(context) else { throw .unusable(OpenSSLErrors.drain().words) }
        let session = TLSSession(owning: ssl, check: check)
        try setName(name, ssl)
        SSL_set_connect_state(ssl)
        return session
    }

    /// A name without the dot that only resolvers care for, an address without brackets.
    private static func checkedName(_ name: String) -> String {
        if name.hasPrefix("["), name.hasSuffix("]") { return String(name.dropFirst().dropLast()) }
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    private static func setRules(_ context: OpaquePointer) throws(TLSFailure) {
        guard broadsheet_ctx_set_minimum_version(context, TLS1_2_VERSION) == 1 else {
            throw .unusable(OpenSSLErrors.drain().words)
        }
        SSL_CTX_set_options(
            context,
            broadsheet_op_no_renegotiation() | broadsheet_op_no_compression()
        )
        // An idle session holds no buffers.
        _ = broadsheet_ctx_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    }

    private static func setTrust(
        _ trust: TLSConfiguration.Trust,
        _ context: OpaquePointer
    ) throws(TLSFailure) {
        switch trust {
        case .system:
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw .unusable(OpenSSLErrors.drain().words)
            }
        case .authorities(let file):
            guard access(file, R_OK) == 0 else {
                let reason = String(cString: strerror(errno))
                throw .unreadableAuthorities(file: file, reason: reason)
            }
            guard SSL_CTX_load_verify_file(context, file) == 1 else {
                let reason = OpenSSLErrors.drain().words
                throw .unreadableAuthorities(file: file, reason: reason)
            }
            // What is in the file is trusted for its own sake, also if it is no root.
            X509_VERIFY_PARAM_set_flags(
                SSL_CTX_get0_param(context),
                UInt(X509_V_FLAG_PARTIAL_CHAIN)
            )
        case .fingerprint:
            break
        }
    }

    /// Asks for the name, and lets the certificate be compared with it (RFC 9525 §6).
    private static func setName(_ name: String, _ ssl: OpaquePointer) throws(TLSFailure) {
        let parameters = SSL_get0_param(ssl)
        // The subject's common name is no host name (RFC 9525 §6.3).
        X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        )
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
        ERR_clear_error()
        guard X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1,
            broadsheet_set_server_name(ssl, name) == 1
        else { throw .unusable("'\(name)' is no host name") }
    }
}
