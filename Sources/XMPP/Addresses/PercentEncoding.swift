/// What a URI holds as it is (RFC 3986 §2.3).
private let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
)

extension StringProtocol {
    /// With a `%` and two digits for each byte that is neither unreserved nor among the others.
    package func percentEncoded(except others: String = "") -> String {
        let plain = unreserved.union(others.utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = utf8.flatMap { byte in
            plain.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
