public import PubSubWire
import XML
public import XMPP

/// What an engine says that it can do, as far as it matters to us.
public struct EngineAbilities: Hashable, Sendable {
    /// Whether it says that it is a PubSub service at all.
    public let isPubSub: Bool
    private let features: Set<Namespace>

    public init(_ info: DiscoInfo) {
        features = Set(info.features)
        isPubSub =
            info.identities.contains { $0.category == "pubsub" }
            || features.contains(.pubsub)
    }

    public func has(_ feature: PubSubFeature) -> Bool {
        features.contains(feature.namespace)
    }

    /// What it does not say it can do, in the order of ``EngineLack/allCases``.
    public var lacks: [EngineLack] {
        guard isPubSub else { return [.service] }
        return EngineLack.allCases.filter { lack in
            !lack.features.isEmpty && !lack.features.contains(where: has)
        }
    }
}

/// What an engine may be unable to do, and what follows from that.
public enum EngineLack: Hashable, Sendable, CaseIterable {
    /// It is no PubSub service.
    case service
    case creation
    case configuration
    case storage
    case reading
    case retraction
    case preconditions
    case managedSubscriptions

    /// Whether nothing can be published there without it, once the node is there.
    public var isFatal: Bool {
        switch self {
        case .service, .storage, .reading: true
        case .creation, .configuration, .retraction, .preconditions, .managedSubscriptions: false
        }
    }

    /// Any of these stands for the ability.
    var features: [PubSubFeature] {
        switch self {
        case .service: []
        case .creation: [.createNodes]
        case .configuration: [.configNode]
        case .storage: [.persistentItems]
        case .reading: [.retrieveItems]
        case .retraction: [.retractItems, .deleteItems]
        case .preconditions: [.publishOptions]
        case .managedSubscriptions: [.manageSubscriptions]
        }
    }
}

extension EngineLack: CustomStringConvertible {
    public var description: String {
        switch self {
        case .service: "It does not say that it is a PubSub service."
        case .creation: "It creates no nodes: its operator has to."
        case .configuration: "Nodes can't be configured: its operator has to."
        case .storage: "It stores no items, so that nothing that was published can be verified."
        case .reading: "It gives no items out, so that nothing that was published can be verified."
        case .retraction: "Items can't be taken back."
        case .preconditions:
            "It does not compare a node with what we expect of it (publish-options): a node that "
                + "somebody changes is noticed only when we connect again."
        case .managedSubscriptions:
            "It does not say that owners may subscribe readers there. Broadsheet tries it all the same."
        }
    }
}
