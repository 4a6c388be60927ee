import XML
public import XMPP

/// Somebody who reads a node and lets everybody know: an item of the list of those (XEP-0465).
public struct PublicSubscriber: Hashable, Sendable {
    public var jid: JID

    public init(_ jid: JID) {
        self.jid = jid
    }

    /// The address is the item's id, too.
    public var item: PubSubItem {
        PubSubItem(
            id: ItemID(rawValue: jid.description),
            payload: Element("subscriber", in: .publicSubscriptions, ["jid": jid.description])
        )
    }
}
