import COpenSSL
import Foundation

/// SHA-1, which avatars and capabilities are known by; nothing rests on its being hard to forge.
enum SHA1 {
    /// The twenty bytes; nil if OpenSSL offers no SHA-1, as under a policy that forbids it.
    static func digest(of bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha1(), nil) == 1 else {
            return nil
        }
        return Array(digest.prefix(Int(count)))
    }

    /// The digest in lower-case hexadecimal.
    static func hexadecimal(of bytes: [UInt8]) -> String? {
        digest(of: bytes)?
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            .joined()
    }
}
