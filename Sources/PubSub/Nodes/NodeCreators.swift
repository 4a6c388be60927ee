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
