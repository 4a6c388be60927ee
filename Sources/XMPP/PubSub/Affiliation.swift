/// What an entity may do with a node (XEP-0060 §4.1).
public enum PubSubAffiliation: String, Sendable, CaseIterable {
    case owner, publisher
    case publishOnly = "publish-only"
    case member, none, outcast
}

/// How far a subscription has come (XEP-0060 §4.2).
public enum SubscriptionState: String, Sendable, CaseIterable {
    case none, pending, unconfigured, subscribed
}
