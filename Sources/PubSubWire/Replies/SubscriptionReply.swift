public import XML
public import XMPP

/// The answer to `<subscribe/>`: how far the subscription has come (XEP-0060 §6.1.2).
public struct SubscriptionReply: Hashable, Sendable {
    public var subscription: PubSubSubscription
    /// The options as they are now, for whoever has sent some (§6.3.7).
    public var options: DataForm?

    public init(_ subscription: PubSubSubscription, options: DataForm? = nil) {
        self.subscription = subscription
        self.options = options
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let child = element.child("subscription") else {
            return nil
        }
        subscription = try PubSubSubscription(child)
        options = element.child("options")?.form
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            subscription.element
            if let options { Element("options") { options.element } }
        }
    }
}
