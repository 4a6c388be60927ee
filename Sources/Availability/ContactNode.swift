public import XML

/// What is fetched of a contact as from a person's own PubSub service (XEP-0163 §4.4).
///
/// Nobody can subscribe to it: presence says when the picture is another (XEP-0153).
public enum ContactNode: String, Sendable, CaseIterable {
    /// XEP-0084 §4.2.
    case avatarMetadata = "urn:xmpp:avatar:metadata"
    /// XEP-0084 §4.1.
    case avatarData = "urn:xmpp:avatar:data"
    /// XEP-0292 §3.
    case card = "urn:xmpp:vcard4"
    /// XEP-0172 §4.4.
    case nick = "http://jabber.org/protocol/nick"

    /// The name of the one item where that has no name of its own.
    private static let soleItem = "current"

    /// The item of the node; nil where there is none, as without a picture.
    public func item(of card: ContactCard) -> (id: String, payload: Element)? {
        switch self {
        case .avatarMetadata:
            guard let avatar = card.avatar, let hash = avatar.hash else { return nil }
            return (hash, avatar.metadata(id: hash))
        case .avatarData:
            guard let avatar = card.avatar, let hash = avatar.hash else { return nil }
            return (hash, Element("data", in: .avatarData) { avatar.base64 })
        case .card:
            return (Self.soleItem, card.vCard4)
        case .nick:
            return (Self.soleItem, Element("nick", in: .nick) { card.title })
        }
    }
}

extension Avatar {
    /// What it is, for clients that have it already, or want none of that size (XEP-0084 §4.2.1).
    fileprivate func metadata(id: String) -> Element {
        Element("metadata", in: .avatarMetadata) {
            Element(
                "info",
                [
                    "id": id, "type": "image/png", "bytes": String(png.count),
                    "width": size.map { String($0.width) },
                    "height": size.map { String($0.height) },
                ]
            )
        }
    }
}
