public import XML
import XMPP

extension PubSubRequest {
    /// The `<pubsub/>` of the request.
    public var element: Element {
        Element("pubsub", in: isOwners ? .pubsubOwner : .pubsub) { actions }
    }

    private var isOwners: Bool {
        switch self {
        case .configure, .defaultConfiguration, .delete, .purge, .subscribers,
            .changeSubscribers, .affiliates, .changeAffiliates:
            true
        case .subscribe, .unsubscribe, .subscriptions, .affiliations, .options, .defaultOptions,
            .items, .publish, .retract, .create:
            false
        }
    }

    @ElementBuilder private var actions: [Element.Node] {
        switch self {
        case .subscribe(let request): request.elements
        case .unsubscribe(let request): request.element
        case .subscriptions(let node): Element("subscriptions", ["node": node?.rawValue])
        case .affiliations(let node): Element("affiliations", ["node": node?.rawValue])
        case .options(let request): request.element
        case .defaultOptions(let node): Element("default", ["node": node?.rawValue])
        case .items(let request): request.elements
        case .publish(let request): request.elements
        case .retract(let request): request.element
        case .create(let request): request.elements
        case .configure(let request): request.element
        case .defaultConfiguration: Element("default")
        case .delete(let request): request.element
        case .purge(let node): Element("purge", ["node": node.rawValue])
        case .subscribers(let node, let page):
            Element("subscriptions", ["node": node.rawValue])
            page?.element
        case .changeSubscribers(let request): request.element
        case .affiliates(let node, let page):
            Element("affiliations", ["node": node.rawValue])
            page?.element
        case .changeAffiliates(let request): request.element
        }
    }
}
