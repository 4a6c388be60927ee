public import PubSubWire
import XML
public import XMPP

/// Why the service does not do what it was asked.
public enum PubSubError: Error, Hashable, Sendable {
    /// The payload of a request that is none of the service's.
    case notUnderstood
    case malformed(PubSubReadingError)
    /// It does not exist, or is hidden from whoever asks.
    case nodeNotFound(NodeID)
    /// It was deleted, and another takes its place (§8.4.2).
    case nodeMoved(NodeID, uri: String)
    case nodeExists(NodeID)
    /// What is to be a node of the service is somebody's, who has made it.
    case nodeOfAnother(NodeID, creator: JID)
    /// A name that the service keeps for itself.
    case reservedNode(NodeID)
    case mayNotCreate
    case tooManyNodes(Int)
    case invalidConfiguration(field: String, value: String)
    /// Of a field of the configuration, in bytes.
    case textTooLong(field: String, limit: Int)
    case tooManyAddresses(field: String, limit: Int)
    case unsupportedAccessModel(String)
    case invalidRedirect(String)
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
    /// An option that depends on whether the reader is there, of whom that is not known.
    case presenceUnknown(field: String, service: JID)
    case wrongForm(String)
    case unsupported(PubSubFeature)
    /// What only owners may, at a node that belongs to the service.
    case notOwner(NodeID)
    case outcast(NodeID)
    /// Not on the list of the node's members.
    case closedNode(NodeID)
    /// For those who have the service among their contacts (§6.1.3.2).
    case contactsOnly(NodeID, service: JID)
    /// At a node whose readers are approved one by one (§6.5.9.3).
    case subscribersOnly(NodeID)
    /// An owner has not decided yet (§6.1.3.7).
    case subscriptionPending(JID, NodeID)
    case mayNotPublish(NodeID)
    case itemOfAnother(ItemID, NodeID)
    case itemRequired(NodeID)
    case itemForbidden(NodeID)
    case payloadRequired(NodeID)
    case payloadTooBig(limit: Int)
    /// What readers would be sent is larger than the server takes, in bytes.
    case eventTooBig(size: Int, limit: Int)
    case tooManyItems(limit: Int)
    /// It takes no more, as its owner wants it (§7.1.3.4).
    case nodeFull(NodeID, limit: Int)
    /// As many as one person may have with addresses of single clients (§6.1.3.9).
    case tooManySubscriptions(limit: Int)
    /// As many as may wait for the node's owners.
    case tooManyPending(NodeID)
    /// As many as are taken within an hour, from that domain or from all.
    case tooManySignUps
    /// The field whose value at the node is another, or that no node has (§7.1.5).
    case preconditionNotMet(String)
    /// The list of those whose affiliation can't be changed, as it stays (§8.9.2.4).
    case affiliationsStay(AffiliationChanges)
    /// The list of those whose subscription can't be changed, as it stays (§8.8.2.4).
    case subscriptionsStay(SubscriberChanges)
    /// There is nothing an owner could decide.
    case ownsNothing
    case contradictoryFilter
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
        case .nodeMoved(_, let uri): StanzaError(.gone, text: text, location: uri)
        case .nodeExists, .nodeOfAnother: StanzaError(.conflict, text: text)
        case .tooManyNodes: own(.maxNodesExceeded)
        case .invalidConfiguration, .textTooLong, .tooManyAddresses, .affiliationsStay,
            .subscriptionsStay:
            StanzaError(.notAcceptable, text: text)
        case .invalidRedirect, .contradictoryFilter: StanzaError(.badRequest, text: text)
        case .unsupportedAccessModel: own(.unsupportedAccessModel)
        case .addressIsNotSenders, .addressInRoom: own(.invalidJID)
        case .subscriptionOfAnother, .notOwner, .outcast, .mayNotCreate, .reservedNode,
            .mayNotPublish, .itemOfAnother, .ownsNothing:
            StanzaError(.forbidden, text: text)
        case .subscribersOnly:
            PubSubErrorCondition.notSubscribed.stanzaError(as: .notAuthorized, text: text)
        case .subscriptionPending: own(.pendingSubscription)
        case .itemRequired: own(.itemRequired)
        case .itemForbidden: own(.itemForbidden)
        case .payloadRequired: own(.payloadRequired)
        case .payloadTooBig, .eventTooBig: own(.payloadTooBig)
        case .tooManyItems: own(.maxItemsExceeded)
        case .nodeFull: own(.nodeFull)
        case .tooManySubscriptions: own(.tooManySubscriptions)
        case .preconditionNotMet: own(.preconditionNotMet)
        case .notSubscribed: own(.notSubscribed)
        case .unknownSubscriptionID: own(.invalidSubID)
        case .invalidOption, .presenceUnknown, .wrongForm: own(.invalidOptions)
        case .unsupported(let feature): own(.unsupported(feature))
        case .closedNode: own(.closedNode)
        case .contactsOnly: own(.presenceSubscriptionRequired)
        case .stillRunning: StanzaError(.resourceConstraint, text: text)
        case .tooManyPending, .tooManySignUps:
            StanzaError(.resourceConstraint, type: .wait, text: text)
        }
    }

    /// What goes back beside the error.
    var payload: Element? {
        switch self {
        case .affiliationsStay(let list): OwnersListReply.affiliates(list).element
        case .subscriptionsStay(let list): OwnersListReply.subscribers(list).element
        default: nil
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
        case .nodeMoved(let node, let uri): "The node '\(node)' has moved to \(uri)."
        case .nodeExists(let node): "There is a node '\(node)' already. Choose another name."
        case .nodeOfAnother(let node, let creator):
            "The node '\(node)' belongs to \(creator), who has made it. Give the newsletter another "
                + "under 'newsletters.NAME.nodes', or start without this newsletter and have the "
                + "node deleted by its owner."
        case .reservedNode(let node): "The node '\(node)' is kept by the service alone."
        case .mayNotCreate: "You may not create nodes here. Ask the operator of the service."
        case .tooManyNodes(let number):
            "You have \(number) nodes here, which is as many as you may. Delete one first."
        case .invalidConfiguration(let field, let value):
            "'\(value)' is not possible for \(field). Ask for the form to see what is."
        case .textTooLong(let field, let limit):
            "\(field) may have \(limit) bytes here. Make it shorter."
        case .tooManyAddresses(let field, let limit):
            "\(field) may have \(limit) addresses here."
        case .unsupportedAccessModel(let word):
            "The access model '\(word)' is not offered: the service does not know whom you know."
        case .invalidRedirect(let uri): "'\(uri)' is no URI to send readers to."
        case .subscribersOnly(let node):
            "Only subscribers may fetch the items of '\(node)'. Subscribe first."
        case .subscriptionPending(let jid, let node):
            "An owner of '\(node)' has yet to approve the subscription of \(jid)."
        case .mayNotPublish(let node): "You may not publish at the node '\(node)'."
        case .itemOfAnother(let item, let node):
            "The item '\(item)' of the node '\(node)' is somebody else's."
        case .itemRequired(let node): "The node '\(node)' takes items: put one in the request."
        case .itemForbidden(let node):
            "The node '\(node)' takes no items: leave <publish/> empty."
        case .payloadRequired(let node): "The node '\(node)' takes items with a payload."
        case .payloadTooBig(let limit): "A payload may have \(limit) bytes here."
        case .eventTooBig(let size, let limit):
            "Readers would be sent \(size) bytes at once, and the server takes \(limit). "
                + "Make the text shorter."
        case .tooManyItems(let limit): "The node takes \(limit) items: do not publish more at once."
        case .nodeFull(let node, let limit):
            "The node '\(node)' is full with \(limit) items. Retract one first."
        case .tooManySubscriptions(let limit):
            "You have \(limit) subscriptions for single clients, which is as many as you may. "
                + "Subscribe your bare address, or end one first."
        case .tooManySignUps:
            "More people want to subscribe at the moment than are taken. "
                + "Please try again in an hour."
        case .tooManyPending(let node):
            "As many wait for an owner of '\(node)' to approve them as may. Try again another day."
        case .preconditionNotMet(let field): "The node is not as wanted: see \(field)."
        case .affiliationsStay: "A node must keep an owner. Nothing was changed."
        case .subscriptionsStay:
            "These subscriptions can't be so. Nothing was changed. Others subscribe themselves."
        case .ownsNothing: "You own no node here."
        case .contradictoryFilter: "Name the types to include or those to exclude, not both."
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
        case .presenceUnknown(let field, let service):
            "\(field) depends on whether you are there, which is not known here. Subscribe without "
                + "it, send presence to \(service), and choose it then."
        case .wrongForm(let type): "A form of the type '\(type)' does not belong here."
        case .unsupported(let feature): "This service does not offer '\(feature.rawValue)'."
        case .notOwner(let node): "Only its owner may do that with the node '\(node)'."
        case .outcast(let node): "You are excluded from the node '\(node)'."
        case .closedNode(let node): "The node '\(node)' is for its members only."
        case .contactsOnly(let node, let service):
            "The node '\(node)' is for those who have \(service) among their contacts. Add it first."
        case .stillRunning(let item, let node):
            "'\(item)' is still going out to the readers of '\(node)'. Wait until that is done."
        }
    }
}
