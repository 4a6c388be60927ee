import XML
public import XMPP

/// What may be asked of a PubSub service (XEP-0060 §5 to §8).
public enum PubSubRequest: Hashable, Sendable {
    // Everybody's, in `pubsub`.

    case subscribe(SubscribeRequest)
    case unsubscribe(UnsubscribeRequest)
    /// The sender's own subscriptions, at one node or at all (§5.6).
    case subscriptions(NodeID?)
    /// The sender's own affiliations, at one node or at all (§5.7).
    case affiliations(NodeID?)
    case options(OptionsRequest)
    /// The options a new subscription has (§6.4).
    case defaultOptions(NodeID?)
    case items(ItemsRequest)
    case publish(PublishRequest)
    case retract(RetractRequest)
    case create(CreateRequest)

    // Owners', in `pubsub#owner`.

    case configure(ConfigureRequest)
    /// The configuration a new node has (§8.3).
    case defaultConfiguration
    case delete(DeleteRequest)
    /// Deletes all items (§8.5).
    case purge(NodeID)
    /// The list of a node's subscriptions (§8.8.1), or a page of it (XEP-0059).
    case subscribers(NodeID, page: ResultSetRequest? = nil)
    case changeSubscribers(SubscriberChanges)
    /// The list of a node's affiliations (§8.9.1), or a page of it (XEP-0059).
    case affiliates(NodeID, page: ResultSetRequest? = nil)
    case changeAffiliates(AffiliationChanges)
}

// MARK: - What kind of request

extension PubSubRequest {
    /// Whether it changes something: `type='set'`.
    public var isChange: Bool {
        switch self {
        case .subscribe, .unsubscribe, .publish, .retract, .create, .delete, .purge,
            .changeSubscribers, .changeAffiliates:
            true
        case .subscriptions, .affiliations, .defaultOptions, .items, .defaultConfiguration,
            .subscribers, .affiliates:
            false
        case .options(let request): request.form != nil
        case .configure(let request): request.form != nil
        }
    }

    /// The feature a service must have to carry it out.
    public var feature: PubSubFeature {
        switch self {
        case .subscribe, .unsubscribe: .subscribe
        case .subscriptions: .retrieveSubscriptions
        case .affiliations: .retrieveAffiliations
        case .options: .subscriptionOptions
        case .defaultOptions: .retrieveDefaultSubscription
        case .items: .retrieveItems
        case .publish: .publish
        case .retract: .retractItems
        case .create: .createNodes
        case .configure: .configNode
        case .defaultConfiguration: .retrieveDefault
        case .delete: .deleteNodes
        case .purge: .purgeNodes
        case .subscribers, .changeSubscribers: .manageSubscriptions
        case .affiliates, .changeAffiliates: .modifyAffiliations
        }
    }

    /// The request as a stanza.
    public func iq(to service: JID, from sender: JID? = nil, id: String = "") -> IQ {
        IQ(isChange ? .set : .get, id: id, from: sender, to: service, payload: element)
    }
}
