import XML

/// Namespaces that only rooms need.
extension Namespace {
    /// XEP-0045 §10.
    static let mucOwner: Namespace = "http://jabber.org/protocol/muc#owner"
    /// XEP-0461.
    static let reply: Namespace = "urn:xmpp:reply:0"
    /// XEP-0428.
    static let fallback: Namespace = "urn:xmpp:fallback:0"
    /// XEP-0091, which some servers still use for history.
    static let legacyDelay: Namespace = "jabber:x:delay"
}
