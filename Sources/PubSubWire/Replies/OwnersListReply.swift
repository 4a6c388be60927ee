public import XML
import XMPP

/// The lists an owner gets: all subscriptions (XEP-0060 §8.8.1) or all affiliations (§8.9.1).
///
/// They have the shape of the changes an owner sends.
public enum OwnersListReply: Hashable, Sendable {
    case subscribers(SubscriberChanges)
    case affiliates(AffiliationChanges)

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsubOwner else { return nil }
        if let list = element.child("subscriptions") {
            self = .subscribers(try SubscriberChanges(list))
        } else if let list = element.child("affiliations") {
            self = .affiliates(try AffiliationChanges(list))
        } else {
            return nil
        }
    }

    public var element: Element {
        Element("pubsub", in: .pubsubOwner) {
            switch self {
            case .subscribers(let list): list.element
            case .affiliates(let list): list.element
            }
        }
    }
}
