internal import COpenSSL

/// The OpenSSL that is loaded.
public enum OpenSSLLibrary {
    /// `3.0.17`.
    public static var version: String {
        OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? ""
    }
}
