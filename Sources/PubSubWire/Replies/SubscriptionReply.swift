public import XML
import XMPP

/// The answer to `<subscribe/>`: how far the subscription has come (XEP-0060 §6.1.2).
public struct SubscriptionReply: Hashable, Sendable {
    public var subscription: PubSubSubscription

    public init(_ subscription: PubSubSubscription) {
        self.subscription = subscription
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let child = element.child("subscription") else {
            return nil
        }
        subscription = try PubSubSubscription(child)
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) { subscription.element }
    }
}
