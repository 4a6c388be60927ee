/// Who may subscribe to a node and fetch its items (XEP-0060 §4.5).
public enum AccessModel: String, Sendable, CaseIterable {
    case open, presence, roster, authorize, whitelist
}

/// Who may publish at a node, beside its publishers (XEP-0060 §16.4.4).
public enum PublishModel: String, Sendable, CaseIterable {
    case publishers, subscribers, open
}

/// The type of the messages that carry events.
public enum NotificationType: String, Sendable, CaseIterable {
    /// Kept by servers for readers who are offline.
    case normal
    case headline
}

/// How much of an item goes with the event about it.
public enum EventPayload: String, Sendable, CaseIterable {
    /// The payload as it was published.
    case full
    /// An Atom entry without its text, which readers fetch by the item's id.
    case summary
}

/// When a reader is sent the newest item unasked.
public enum LastItemPolicy: String, Sendable, CaseIterable {
    case never
    case onSubscription = "on_sub"
    case onSubscriptionAndPresence = "on_sub_and_presence"
}

/// What happens when an item is published at a node that is full (`pubsub#publish_node_full`).
public enum FullNodePolicy: String, Sendable, CaseIterable {
    /// The oldest item goes, and readers may be told.
    case retractOldest = "retract-oldest"
    /// The oldest item goes without a word.
    case discardOldest = "discard-oldest"
    /// The new item is refused.
    case reject
}

/// Whom an answer to an item goes to.
public enum ItemReplyTarget: String, Sendable, CaseIterable {
    case owner, publisher
}
