public import XML
public import XMPP

/// The lists an owner gets: all subscriptions (XEP-0060 §8.8.1) or all affiliations (§8.9.1), or
/// which part of them (XEP-0059).
///
/// They have the shape of the changes an owner sends.
public enum OwnersListReply: Hashable, Sendable {
    case subscribers(SubscriberChanges, page: ResultSetPage? = nil)
    case affiliates(AffiliationChanges, page: ResultSetPage? = nil)

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsubOwner else { return nil }
        let page = element.child("set", in: .resultSets).map(ResultSetPage.init)
        if let list = element.child("subscriptions") {
            self = .subscribers(try SubscriberChanges(list), page: page)
        } else if let list = element.child("affiliations") {
            self = .affiliates(try AffiliationChanges(list), page: page)
        } else {
            return nil
        }
    }

    public var element: Element {
        Element("pubsub", in: .pubsubOwner) {
            switch self {
            case .subscribers(let list, let page):
                list.element
                page?.element
            case .affiliates(let list, let page):
                list.element
                page?.element
            }
        }
    }
}
