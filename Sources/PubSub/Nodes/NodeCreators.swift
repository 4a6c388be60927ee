import XML
public import XMPP

/// Who may create nodes over the wire; nobody, unless said.
public struct NodeCreators: Hashable, Sendable {
    /// Bare addresses.
    public var jids: Set<JID>
    /// Domains of which everybody may, local users of a server as a rule.
    public var domains: Set<String>

    public init(jids: Set<JID> = [], domains: Set<String> = []) {
        self.jids = jids
        self.domains = domains
    }

    public func contains(_ jid: JID) -> Bool {
        jids.contains(jid.bare) || domains.contains(jid.domainpart)
    }
}

extension PubSubService {
    /// Whether a request may make a node, so that it matters who may.
    public static func mayMakeNode(_ iq: IQ) -> Bool {
        guard iq.type == .set, let payload = iq.payload, payload.isNamed("pubsub", in: .pubsub)
        else { return false }
        return payload.elements.contains { $0.name == "create" || $0.name == "publish" }
    }

    /// The same service, at which these people may create nodes too.
    public func admitting(_ creators: Set<JID>) -> PubSubService {
        var settings = settings
        settings.creators.jids.formUnion(creators.map(\.bare))
        return PubSubService(domain: domain, settings: settings, now: now)
    }
}
