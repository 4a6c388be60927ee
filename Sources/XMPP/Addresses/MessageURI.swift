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
            .map { $0.percentEncoded() }.joined(separator: "@")
        return "xmpp:\(address)?message;body=\(body.percentEncoded())"
    }
}
