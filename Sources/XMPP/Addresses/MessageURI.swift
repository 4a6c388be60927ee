/// An address that lets a client write to somebody, with the words in place (XEP-0147 §8.1).
///
/// Whoever taps it still decides to send them.
public struct MessageURI: Hashable, Sendable, CustomStringConvertible {
    public let recipient: JID
    public let body: String

    public init(to recipient: JID, body: String) {
        self.recipient = recipient
        self.body = body
    }

    public var description: String {
        let address = [recipient.localpart, recipient.domainpart].compactMap(\.self)
            .map(Self.encoded).joined(separator: "@")
        return "xmpp:\(address)?message;body=\(Self.encoded(body))"
    }

    /// With a `%` and two digits for each byte that is not unreserved (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
