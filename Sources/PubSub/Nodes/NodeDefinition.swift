public import XMPP

/// A node as the configuration wants it; it belongs to the service.
public struct NodeDefinition: Hashable, Sendable {
    public var id: NodeID
    /// The name of the newsletter it carries.
    public var newsletter: String?
    public var language: String?
    public var title: String
    public var description: String
    /// What its items are: a namespace (`pubsub#type`).
    public var type: String
    /// How much of an item goes with the event about it.
    public var eventPayload: EventPayload
    /// A hidden node looks missing to everybody it is not opened to: for drafts.
    public var isHidden: Bool

    public init(
        id: NodeID,
        newsletter: String? = nil,
        language: String? = nil,
        title: String,
        description: String = "",
        type: String = "urn:xmpp:pubsub-social-feed:1",
        eventPayload: EventPayload = .full,
        isHidden: Bool = false
    ) {
        self.id = id
        self.newsletter = newsletter
        self.language = language
        self.title = title
        self.description = description
        self.type = type
        self.eventPayload = eventPayload
        self.isHidden = isHidden
    }
}
