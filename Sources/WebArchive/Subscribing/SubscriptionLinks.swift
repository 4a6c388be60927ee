import XMPP

/// The addresses that open a client where one subscribes.
enum SubscriptionLinks {
    /// Subscribes to a node (XEP-0060 §12.22, XEP-0147).
    static func pubsub(service: String, node: String) -> String {
        "xmpp:\(encoded(service))?pubsub;action=subscribe;node=\(node.percentEncoded())"
    }

    /// A message to the newsletter that subscribes (XEP-0147 §8.1).
    static func chat(contact: String, message: String) -> String {
        "xmpp:\(encoded(contact))?message;body=\(message.percentEncoded())"
    }

    private static func encoded(_ address: String) -> String {
        address.split(separator: "@").map { $0.percentEncoded() }.joined(separator: "@")
    }
}
