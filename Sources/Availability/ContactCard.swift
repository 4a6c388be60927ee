public import XML
public import XMPP

/// What a newsletter's contact says of itself: its name, its picture, what it is about.
public struct ContactCard: Hashable, Sendable {
    public var address: JID
    public var title: String
    public var about: String?
    /// The web site.
    public var url: String?
    public var avatar: Avatar?

    public init(
        address: JID,
        title: String,
        about: String? = nil,
        url: String? = nil,
        avatar: Avatar? = nil
    ) {
        self.address = address
        self.title = title
        self.about = about
        self.url = url
        self.avatar = avatar
    }

    /// The card that clients fetch (XEP-0054 §3.1).
    public var vCard: Element {
        Element("vCard", in: .vCard) {
            Element("FN") { title }
            Element("NICKNAME") { title }
            if let url { Element("URL") { url } }
            Element("JABBERID") { address.description }
            if let about { Element("DESC") { about } }
            if let avatar {
                Element("PHOTO") {
                    Element("TYPE") { "image/png" }
                    Element("BINVAL") { avatar.base64 }
                }
            }
        }
    }

    /// The same for clients that know the newer form (XEP-0292, RFC 6351).
    public var vCard4: Element {
        Element("vcard", in: .vCard4) {
            Element("kind") { Element("text") { "application" } }
            Element("fn") { Element("text") { title } }
            Element("nickname") { Element("text") { title } }
            if let avatar {
                Element("photo") { Element("uri") { "data:image/png;base64,\(avatar.base64)" } }
            }
            Element("impp") { Element("uri") { "xmpp:\(address)" } }
            if let url { Element("url") { Element("uri") { url } } }
            if let about { Element("note") { Element("text") { about } } }
        }
    }
}
