public import XMPP

/// A service that makes of one stanza with many addresses one for each of them (XEP-0033).
public struct MulticastService: Hashable, Sendable {
    /// Where such stanzas go.
    public let address: JID
    /// How many addresses one may have: as many as the service takes of us, or fewer.
    public let mostAddresses: Int

    /// What a service takes of a component that says nothing else; more saves hardly anything, since
    /// it is the text that is parsed once.
    static let usualAddresses = 20

    /// Reads what it says of itself; nil if it is no such service.
    ///
    /// ejabberd names the limit in a form only where its operator has set one.
    init?(at address: JID, _ info: DiscoInfo) {
        guard info.features.contains(.address) else { return nil }
        let fields = info.forms.flatMap(\.fields)
        let limit = fields.first { $0.name == "message" }?.values.first.flatMap { Int($0) }
        let most = min(limit ?? Self.usualAddresses, Self.usualAddresses)
        guard most > 1 else { return nil }
        self.address = address
        mostAddresses = most
    }
}
