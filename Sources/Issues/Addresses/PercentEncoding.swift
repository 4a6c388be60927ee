/// Percent-encoding of addresses as people write them (RFC 3986 §2.1, RFC 3987 §3.1).
enum PercentEncoding {
    private static let kept = Set(
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
            + ":/?#[]@!$&'()*+,;=").utf8
    )
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The address in ASCII: what must not stand in one is encoded as UTF-8, what is encoded
    /// already stays.
    static func encode(_ address: some StringProtocol) -> String {
        let bytes = Array(address.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if kept.contains(byte) || isEncoded(bytes, at: index) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text an encoded fragment stands for; the text itself where it is not UTF-8.
    static func decode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if isEncoded(bytes, at: index) {
                result.append(value(bytes[index + 1]) << 4 | value(bytes[index + 2]))
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self) ?? text
    }

    private static func isEncoded(_ bytes: [UInt8], at index: Int) -> Bool {
        bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count
            && value(bytes[index + 1]) < 16 && value(bytes[index + 2]) < 16
    }

    /// 255 for what is no hexadecimal digit.
    private static func value(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: 255
        }
    }
}
