public import XMPP

/// Why a payload is no PubSub request that means anything.
public enum PubSubReadingError: Error, Hashable, Sendable {
    /// Neither `pubsub` nor `pubsub#owner`.
    case notPubSub
    /// There is nothing to do in it.
    case noAction
    case unknownAction(String)
    /// A `get` where `set` belongs, or the other way round.
    case wrongType(action: String)
    case nodeRequired
    /// Of a node or an item.
    case nameTooLong
    case jidRequired
    case malformedJID(String, JIDError)
    case itemRequired
    case itemIDRequired
    case severalPayloads
    case formRequired
    case badNumber(attribute: String, value: String)
    /// Items can't be ordered by that (XEP-0413).
    case unknownOrder(String)
    /// What an archive can't be asked for (XEP-0313 §4.1.5).
    case unknownField(String)
    case badMoment(field: String, value: String)
    case unknownState(String)
    case unknownAffiliation(String)
    /// The same address twice in one list of affiliations (§8.9.2.4).
    case duplicateAddress(JID)
    /// `<configure/>` beside `<create/>` names a node (§8.1.3).
    case nodeInConfigure
    /// `<options/>` beside `<subscribe/>` names a node or an address (§6.3.7).
    case subscriberInOptions
    /// What belongs behind an action stands before it (§6.3.7, §8.1.3).
    case wrongOrder(first: String, then: String)
    /// A node that is no leaf (§8.3.2).
    case unsupportedNodeType(String)
}

extension PubSubReadingError {
    /// The error to answer with: XEP-0060's own condition where it has one.
    public var stanzaError: StanzaError {
        switch self {
        case .nodeRequired: PubSubErrorCondition.nodeIDRequired.stanzaError(text: description)
        case .jidRequired: PubSubErrorCondition.jidRequired.stanzaError(text: description)
        case .malformedJID: PubSubErrorCondition.invalidJID.stanzaError(text: description)
        case .itemRequired, .itemIDRequired:
            PubSubErrorCondition.itemRequired.stanzaError(text: description)
        case .severalPayloads: PubSubErrorCondition.invalidPayload.stanzaError(text: description)
        case .formRequired: PubSubErrorCondition.invalidOptions.stanzaError(text: description)
        case .unsupportedNodeType:
            PubSubErrorCondition.unsupported(.collections).stanzaError(text: description)
        case .nameTooLong: StanzaError(.policyViolation, text: description)
        case .unknownAction, .unknownOrder, .unknownField:
            StanzaError(.featureNotImplemented, text: description)
        case .notPubSub, .noAction, .wrongType, .badNumber, .badMoment, .unknownState,
            .unknownAffiliation, .duplicateAddress, .nodeInConfigure, .subscriberInOptions,
            .wrongOrder:
            StanzaError(.badRequest, text: description)
        }
    }
}

extension PubSubReadingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notPubSub: "This is not a PubSub request."
        case .noAction: "The request asks for nothing: put an element such as <items/> in it."
        case .unknownAction(let name): "There is no PubSub request <\(name)/>."
        case .wrongType(let action):
            "The type of this iq does not fit <\(action)/>: get asks, set changes."
        case .nodeRequired: "Say which node, with the attribute 'node'."
        case .nameTooLong: "A name may have \(NodeID.longest) bytes here. Choose a shorter one."
        case .jidRequired: "Say whose subscription it is, with the attribute 'jid'."
        case .malformedJID(let text, let reason): "'\(text)' is not an address: \(reason)"
        case .itemRequired: "Say which item, with <item/>."
        case .itemIDRequired: "Say which item, with the attribute 'id' of <item/>."
        case .severalPayloads: "An item holds one element."
        case .formRequired: "Put the filled-in form in the request."
        case .badNumber(let attribute, let value):
            "'\(attribute)' must be a whole number from 1 up, not '\(value)'."
        case .unknownOrder(let text):
            "Items can be ordered by 'creation' and 'modification', not by '\(text)'."
        case .unknownField(let name): "The archive can't be searched by '\(name)'."
        case .badMoment(let field, let value):
            "'\(field)' must be a date and time such as 2026-11-21T08:30:00Z, not '\(value)'."
        case .unknownState(let text): "There is no subscription state '\(text)'."
        case .unknownAffiliation(let text): "There is no affiliation '\(text)'."
        case .duplicateAddress(let jid): "\(jid) is listed twice."
        case .subscriberInOptions: "Name node and address in <subscribe/>, not in <options/>."
        case .wrongOrder(let first, let second): "Put <\(second)/> behind <\(first)/>."
        case .unsupportedNodeType(let type): "There are no nodes of the type '\(type)' here."
        case .nodeInConfigure: "Name the node in <create/>, not in <configure/>."
        }
    }
}
