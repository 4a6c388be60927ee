import XML
public import XMPP

extension PubSubRequest {
    /// Reads the payload of a request.
    public init(_ iq: IQ) throws(PubSubReadingError) {
        guard let payload = iq.payload, payload.name == "pubsub" else { throw .notPubSub }
        let isSet = iq.type == .set
        switch payload.namespace {
        case .pubsub: self = try Self.everybodys(payload, isSet: isSet)
        case .pubsubOwner: self = try Self.owners(payload, isSet: isSet)
        default: throw .notPubSub
        }
    }

    /// The element that says what to do.
    ///
    /// `<options/>` is an action when alone, and a companion of `<subscribe/>` (§6.3.7).
    private static func action(of payload: Element) throws(PubSubReadingError) -> Element {
        var companion: Element?
        for element in payload.elements where element.namespace == payload.namespace {
            switch element.name {
            case "options", "configure", "publish-options": companion = companion ?? element
            default: return element
            }
        }
        guard let companion else { throw .noAction }
        return companion
    }

    /// What stands beside the action, which is to follow it.
    private static func companion(
        _ name: String,
        of action: Element,
        in payload: Element
    ) throws(PubSubReadingError) -> Element? {
        guard let companion = payload.child(name) else { return nil }
        let first = payload.elements.first { $0.name == action.name || $0.name == name }
        guard first?.name == action.name else {
            throw .wrongOrder(first: action.name, then: name)
        }
        return companion
    }

    private static func everybodys(
        _ payload: Element,
        isSet: Bool
    ) throws(PubSubReadingError) -> PubSubRequest {
        let action = try action(of: payload)
        switch (action.name, isSet) {
        case ("subscribe", true):
            let options = try companion("options", of: action, in: payload)
            return .subscribe(try SubscribeRequest(action, options: options))
        case ("unsubscribe", true): return .unsubscribe(try UnsubscribeRequest(action))
        case ("subscriptions", false): return .subscriptions(try action.optionalNode())
        case ("affiliations", false): return .affiliations(try action.optionalNode())
        case ("options", _): return .options(try OptionsRequest(action, isSet: isSet))
        case ("default", false): return .defaultOptions(try action.optionalNode())
        case ("items", false):
            let order = payload.child("order", in: .orderBy)
            return .items(try ItemsRequest(action, page: page(in: payload), order: order))
        case ("publish", true):
            let options = payload.child("publish-options")
            return .publish(try PublishRequest(action, options: options))
        case ("retract", true): return .retract(try RetractRequest(action))
        case ("create", true):
            let configure = try companion("configure", of: action, in: payload)
            return .create(try CreateRequest(action, configure: configure))
        case ("subscribe", _), ("unsubscribe", _), ("subscriptions", _), ("affiliations", _),
            ("default", _), ("items", _), ("publish", _), ("retract", _), ("create", _):
            throw .wrongType(action: action.name)
        default: throw .unknownAction(action.name)
        }
    }

    private static func owners(
        _ payload: Element,
        isSet: Bool
    ) throws(PubSubReadingError) -> PubSubRequest {
        let action = try action(of: payload)
        switch (action.name, isSet) {
        case ("configure", _): return .configure(try ConfigureRequest(action, isSet: isSet))
        case ("default", false):
            guard action["type"] ?? "leaf" == "leaf" else {
                throw .unsupportedNodeType(action["type"] ?? "")
            }
            return .defaultConfiguration
        case ("delete", true): return .delete(try DeleteRequest(action))
        case ("purge", true): return .purge(try action.node())
        case ("subscriptions", false):
            return .subscribers(try action.node(), page: page(in: payload))
        case ("subscriptions", true): return .changeSubscribers(try SubscriberChanges(action))
        case ("affiliations", false): return .affiliates(try action.node(), page: page(in: payload))
        case ("affiliations", true): return .changeAffiliates(try AffiliationChanges(action))
        case ("default", _), ("delete", _), ("purge", _):
            throw .wrongType(action: action.name)
        default: throw .unknownAction(action.name)
        }
    }
    /// Which part of a long list is asked for.
    private static func page(in payload: Element) -> ResultSetRequest? {
        payload.child("set", in: .resultSets).map(ResultSetRequest.init)
    }
}
