import PubSubWire
public import Storage
public import XMPP

/// Nodes whose items are at another service (``PubSubSettings/elsewhere``).
extension PubSubService {
    /// The node's configuration as its owner would see it, for whoever makes one like it.
    public func configurationForm(
        of node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> DataForm {
        guard let record = try transaction.node(named: node) else {
            throw PubSubError.nodeNotFound(node)
        }
        return record.configuration.dataForm(.form, settings: settings)
    }

    /// Sends whoever asks for such a node, or for who reads it (XEP-0465), to where it is.
    func checkIsHere(_ node: NodeID) throws(PubSubError) {
        guard let service = settings.elsewhere[Self.target(ofPublicList: node) ?? node] else {
            return
        }
        throw .nodeMoved(node, uri: PubSubURI(service, node: node).description)
    }

    /// The same for who looks for its items; but who is sent events from here finds here what they tell of.
    func checkIsHere(
        _ node: NodeID,
        forReader reader: JID,
        in transaction: borrowing Transaction
    ) throws {
        guard settings.elsewhere[node] != nil else { return }
        guard try !isSentEvents(reader, of: node, in: transaction) else { return }
        try checkIsHere(node)
    }

    private func isSentEvents(
        _ reader: JID,
        of node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard let record = try transaction.node(named: node) else { return false }
        return try transaction.subscriptions(of: reader).contains { subscription in
            subscription.node == record.id && subscription.state == .subscribed
                && [.event, .eventWithBody].contains(subscription.choice.form)
        }
    }

    /// The same for all that may be asked of it; but who is subscribed here can change and end
    /// that here.
    func checkIsHere(
        _ request: PubSubRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws {
        guard !settings.elsewhere.isEmpty, let name = request.node else { return }
        if case .items = request {
            // The list of its readers is none of its items.
            guard settings.elsewhere[name] != nil else { return try checkIsHere(name) }
            return try checkIsHere(name, forReader: sender, in: transaction)
        }
        if settings.elsewhere[name] != nil, request.isAboutOwnSubscription,
            let record = try transaction.node(named: name)
        {
            let own = try transaction.subscriptions(of: sender)
            if own.contains(where: { $0.node == record.id }) { return }
        }
        try checkIsHere(name)
    }
}

extension PubSubRequest {
    /// Whether it is about what the sender is sent, and nothing else.
    fileprivate var isAboutOwnSubscription: Bool {
        switch self {
        case .unsubscribe, .options, .subscriptions: true
        default: false
        }
    }

    /// The one node it is about; nil if it is about the service.
    fileprivate var node: NodeID? {
        switch self {
        case .subscribe(let request): request.node
        case .unsubscribe(let request): request.node
        case .options(let request): request.node
        case .items(let request): request.node
        case .publish(let request): request.node
        case .retract(let request): request.node
        case .create(let request): request.node
        case .configure(let request): request.node
        case .delete(let request): request.node
        case .changeSubscribers(let request): request.node
        case .changeAffiliates(let request): request.node
        case .subscriptions(let node), .affiliations(let node), .defaultOptions(let node): node
        case .purge(let node), .subscribers(let node, _), .affiliates(let node, _): node
        case .defaultConfiguration: nil
        }
    }
}
