import COpenSSL

extension Secret {
    /// What proves to the server that we know the secret: SHA-1 over stream id and secret, in
    /// lower-case hexadecimal (XEP-0114 §3).
    ///
    /// Nil if OpenSSL offers no SHA-1, as under a policy that forbids it.
    func digest(streamID: String) -> String? {
        let message = Array((streamID + text).utf8)
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_Digest(message, message.count, &digest, &count, EVP_sha1(), nil) == 1 else {
            return nil
        }
        return digest.prefix(Int(count)).map(Self.hexadecimal).joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
