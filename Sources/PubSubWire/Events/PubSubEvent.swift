public import XML
public import XMPP

/// What a service tells subscribers, in a message: one `<event/>`.
public enum PubSubEvent: Hashable, Sendable {
    case items(ItemsEvent)
    case deletion(DeletionEvent)
    /// All items of the node were deleted (XEP-0060 §8.5.2).
    case purge(NodeID)
    case configuration(ConfigurationEvent)
    /// A subscription that was changed by an owner, or is over (XEP-0060 §8.8.4).
    case subscription(PubSubSubscription)
}

extension PubSubEvent {
    /// Reads the `<event/>` of a message; nil if it has none that we know.
    public init?(_ message: Message) throws(PubSubReadingError) {
        guard let event = message.child("event", in: .pubsubEvent) else { return nil }
        try self.init(event)
    }

    /// Reads an `<event/>`; nil if it holds none that we know.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.isNamed("event", in: .pubsubEvent),
            let child = element.elements.first(where: { $0.namespace == .pubsubEvent })
        else { return nil }
        switch child.name {
        case "items": self = .items(try ItemsEvent(child))
        case "delete": self = .deletion(try DeletionEvent(child))
        case "purge": self = .purge(try child.node())
        case "configuration": self = .configuration(try ConfigurationEvent(child))
        case "subscription": self = .subscription(try PubSubSubscription(child))
        default: return nil
        }
    }

    public var element: Element {
        Element("event", in: .pubsubEvent) {
            switch self {
            case .items(let event): event.element
            case .deletion(let event): event.element
            case .purge(let node): Element("purge", ["node": node.rawValue])
            case .configuration(let event): event.element
            case .subscription(let subscription): subscription.element
            }
        }
    }
}
