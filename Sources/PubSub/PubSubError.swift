public import PubSubWire
public import XMPP

/// Why the service does not do what it was asked.
public enum PubSubError: Error, Hashable, Sendable {
    /// The payload of a request that is none of the service's.
    case notUnderstood
    case malformed(PubSubReadingError)
    /// It does not exist, or is hidden from whoever asks.
    case nodeNotFound(NodeID)
    case itemNotFound(NodeID)
    /// The entry that a page was to begin or end at (XEP-0059 §2.7).
    case pageNotFound(String)
    /// The address in the request has another bare part than the sender's (§6.1.3.1).
    case addressIsNotSenders(JID)
    /// An address in a room: whoever is behind it may be another tomorrow.
    case addressInRoom(JID)
    case subscriptionOfAnother(JID)
    case notSubscribed(JID, NodeID)
    /// There is one subscription an address, so none has an id.
    case unknownSubscriptionID(String)
    case invalidOption(field: String, value: String)
    case wrongForm(String)
    case unsupported(PubSubFeature)
    /// What only owners may, at a node that belongs to the service.
    case notOwner(NodeID)
    case outcast(NodeID)
    /// Not on the list of the node's members.
    case closedNode(NodeID)
    /// An earlier version of the item is still going out.
    case stillRunning(ItemID, NodeID)
}

// MARK: - The table

extension PubSubError {
    /// The error to answer with: type, RFC 6120 condition, and XEP-0060's own where it has one.
    public var stanzaError: StanzaError {
        let text = description
        return switch self {
        case .notUnderstood: StanzaError(.serviceUnavailable, text: text)
        case .malformed(let error): error.stanzaError
        case .nodeNotFound, .itemNotFound, .pageNotFound: StanzaError(.itemNotFound, text: text)
        case .addressIsNotSenders, .addressInRoom: own(.invalidJID)
        case .subscriptionOfAnother, .notOwner, .outcast: StanzaError(.forbidden, text: text)
        case .notSubscribed: own(.notSubscribed)
        case .unknownSubscriptionID: own(.invalidSubID)
        case .invalidOption, .wrongForm: own(.invalidOptions)
        case .unsupported(let feature): own(.unsupported(feature))
        case .closedNode: own(.closedNode)
        case .stillRunning: StanzaError(.resourceConstraint, text: text)
        }
    }

    private func own(_ condition: PubSubErrorCondition) -> StanzaError {
        condition.stanzaError(text: description)
    }
}

extension PubSubError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notUnderstood: "This service does not know that request."
        case .malformed(let error): error.description
        case .nodeNotFound(let node): "There is no node '\(node)' here."
        case .itemNotFound(let node): "The node '\(node)' has no such item."
        case .pageNotFound(let id): "There is no entry '\(id)' to continue from."
        case .addressIsNotSenders(let jid):
            "You can subscribe your own address only, and \(jid) is not yours."
        case .addressInRoom(let jid):
            "\(jid) is an address in a room, and may be somebody else's tomorrow. "
                + "Subscribe from your own account, not through the room."
        case .subscriptionOfAnother(let jid): "The subscription of \(jid) is not yours to change."
        case .notSubscribed(let jid, let node): "\(jid) is not subscribed to '\(node)'."
        case .unknownSubscriptionID(let id):
            "There is no subscription with the id '\(id)'. Leave the id out."
        case .invalidOption(let field, let value): "'\(value)' is not possible for \(field)."
        case .wrongForm(let type): "A form of the type '\(type)' does not belong here."
        case .unsupported(let feature): "This service does not offer '\(feature.rawValue)'."
        case .notOwner(let node): "Only its owner may do that with the node '\(node)'."
        case .outcast(let node): "You are excluded from the node '\(node)'."
        case .closedNode(let node): "The node '\(node)' is for its members only."
        case .stillRunning(let item, let node):
            "'\(item)' is still going out to the readers of '\(node)'. Wait until that is done."
        }
    }
}
