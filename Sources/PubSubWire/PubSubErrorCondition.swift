public import XML
public import XMPP

/// What XEP-0060 adds to the condition of a stanza error: a child in `pubsub#errors`.
public enum PubSubErrorCondition: Hashable, Sendable {
    case closedNode
    case configurationRequired
    case invalidJID
    case invalidOptions
    case invalidPayload
    case invalidSubID
    case itemForbidden
    case itemRequired
    case jidRequired
    case maxItemsExceeded
    case maxNodesExceeded
    case nodeFull
    case nodeIDRequired
    case notInRosterGroup
    case notSubscribed
    case payloadRequired
    case payloadTooBig
    case pendingSubscription
    case preconditionNotMet
    case presenceSubscriptionRequired
    case subIDRequired
    case tooManySubscriptions
    case unsupported(PubSubFeature)
    case unsupportedAccessModel
}

// MARK: - The table

extension PubSubErrorCondition {
    /// One line of the table: the name on the wire, and what it goes with.
    private typealias Row = (name: String, StanzaError.Condition, StanzaError.ErrorType)

    /// The element's name, and the condition and type of most sections that use it.
    private var row: Row {
        switch self {
        case .closedNode: ("closed-node", .notAllowed, .cancel)
        case .configurationRequired: ("configuration-required", .notAcceptable, .modify)
        case .invalidJID: ("invalid-jid", .badRequest, .modify)
        case .invalidOptions: ("invalid-options", .badRequest, .modify)
        case .invalidPayload: ("invalid-payload", .badRequest, .modify)
        case .invalidSubID: ("invalid-subid", .notAcceptable, .modify)
        case .itemForbidden: ("item-forbidden", .badRequest, .modify)
        case .itemRequired: ("item-required", .badRequest, .modify)
        case .jidRequired: ("jid-required", .badRequest, .modify)
        case .maxItemsExceeded: ("max-items-exceeded", .notAllowed, .cancel)
        case .maxNodesExceeded: ("max-nodes-exceeded", .notAllowed, .cancel)
        case .nodeFull: ("node-full", .conflict, .cancel)
        case .nodeIDRequired: ("nodeid-required", .badRequest, .modify)
        case .notInRosterGroup: ("not-in-roster-group", .notAuthorized, .auth)
        case .notSubscribed: ("not-subscribed", .unexpectedRequest, .cancel)
        case .payloadRequired: ("payload-required", .badRequest, .modify)
        case .payloadTooBig: ("payload-too-big", .notAcceptable, .modify)
        case .pendingSubscription: ("pending-subscription", .notAuthorized, .auth)
        case .preconditionNotMet: ("precondition-not-met", .conflict, .cancel)
        case .presenceSubscriptionRequired:
            ("presence-subscription-required", .notAuthorized, .auth)
        case .subIDRequired: ("subid-required", .badRequest, .modify)
        case .tooManySubscriptions: ("too-many-subscriptions", .policyViolation, .wait)
        case .unsupported: ("unsupported", .featureNotImplemented, .cancel)
        case .unsupportedAccessModel: ("unsupported-access-model", .notAcceptable, .modify)
        }
    }

    /// The stanza error this belongs to.
    ///
    /// `condition` is for the sections that differ from the others: retrieving without a
    /// subscription is `not-authorized` (§6.5.9.3), creating without a name where the service
    /// doesn't invent one is `not-acceptable` (§8.1.1).
    public func stanzaError(
        as condition: StanzaError.Condition? = nil,
        text: String? = nil
    ) -> StanzaError {
        let (_, usual, type) = row
        guard let condition else {
            return StanzaError(usual, type: type, text: text, extensionCondition: element)
        }
        return StanzaError(condition, text: text, extensionCondition: element)
    }
}

// MARK: - XML

extension PubSubErrorCondition {
    private static let withoutFeature: [Self] = [
        .closedNode, .configurationRequired, .invalidJID, .invalidOptions, .invalidPayload,
        .invalidSubID, .itemForbidden, .itemRequired, .jidRequired, .maxItemsExceeded,
        .maxNodesExceeded, .nodeFull, .nodeIDRequired, .notInRosterGroup, .notSubscribed,
        .payloadRequired,
        .payloadTooBig, .pendingSubscription, .preconditionNotMet, .presenceSubscriptionRequired,
        .subIDRequired, .tooManySubscriptions, .unsupportedAccessModel,
    ]

    /// All conditions, `unsupported` once for each feature.
    public static let allCases = withoutFeature + PubSubFeature.allCases.map(Self.unsupported)

    /// Nil if the element is none of ours.
    public init?(_ element: Element) {
        guard element.namespace == .pubsubErrors else { return nil }
        if element.name == "unsupported" {
            guard let feature = element["feature"].flatMap(PubSubFeature.init(rawValue:)) else {
                return nil
            }
            self = .unsupported(feature)
            return
        }
        guard let known = Self.withoutFeature.first(where: { $0.row.name == element.name }) else {
            return nil
        }
        self = known
    }

    public var element: Element {
        guard case .unsupported(let feature) = self else {
            return Element(row.name, in: .pubsubErrors)
        }
        return Element("unsupported", in: .pubsubErrors, ["feature": feature.rawValue])
    }
}

extension StanzaError {
    /// What XEP-0060 has to say about this error.
    public var pubsubCondition: PubSubErrorCondition? {
        extensionCondition.flatMap(PubSubErrorCondition.init)
    }
}
