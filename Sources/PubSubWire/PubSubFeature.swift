public import XML
import XMPP

/// A feature a PubSub service may have (XEP-0060 §10).
///
/// A service advertises those it has in disco#info, and names the one that is missing when it
/// refuses a request (`<unsupported feature='…'/>`).
public enum PubSubFeature: String, Sendable, CaseIterable {
    case accessAuthorize = "access-authorize"
    case accessOpen = "access-open"
    case accessPresence = "access-presence"
    case accessRoster = "access-roster"
    case accessWhitelist = "access-whitelist"
    case autoCreate = "auto-create"
    case autoSubscribe = "auto-subscribe"
    case collections
    case configNode = "config-node"
    case configNodeMax = "config-node-max"
    case createAndConfigure = "create-and-configure"
    case createNodes = "create-nodes"
    case deleteItems = "delete-items"
    case deleteNodes = "delete-nodes"
    case filteredNotifications = "filtered-notifications"
    case getPending = "get-pending"
    case instantNodes = "instant-nodes"
    case itemIDs = "item-ids"
    case lastPublished = "last-published"
    case leasedSubscription = "leased-subscription"
    case manageSubscriptions = "manage-subscriptions"
    case memberAffiliation = "member-affiliation"
    case metaData = "meta-data"
    case modifyAffiliations = "modify-affiliations"
    case multiCollection = "multi-collection"
    case multiItems = "multi-items"
    case multiSubscribe = "multi-subscribe"
    case outcastAffiliation = "outcast-affiliation"
    case persistentItems = "persistent-items"
    case presenceNotifications = "presence-notifications"
    case presenceSubscribe = "presence-subscribe"
    case publish
    case publishNodeFull = "publish-node-full"
    case publishOnlyAffiliation = "publish-only-affiliation"
    case publishOptions = "publish-options"
    case publisherAffiliation = "publisher-affiliation"
    case purgeNodes = "purge-nodes"
    case retractItems = "retract-items"
    case retrieveAffiliations = "retrieve-affiliations"
    case retrieveDefault = "retrieve-default"
    case retrieveDefaultSubscription = "retrieve-default-sub"
    case retrieveItems = "retrieve-items"
    case retrieveSubscriptions = "retrieve-subscriptions"
    case resultSets = "rsm"
    case subscribe
    case subscriptionNotifications = "subscription-notifications"
    case subscriptionOptions = "subscription-options"

    /// The feature as disco#info has it.
    public var namespace: Namespace {
        Namespace(rawValue: "\(Namespace.pubsub.rawValue)#\(rawValue)")
    }
}
