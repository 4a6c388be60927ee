import XML
public import XMPP

/// The presence of one of our addresses, which is there as long as the program is.
public struct ContactPresence: Hashable, Sendable {
    /// The resource all our presence comes from: without one Gajim takes a contact for absent.
    public static let resource = "newsletter"

    public let card: ContactCard
    public let capabilities: EntityCapabilities
    /// The line that clients show beside the name.
    public internal(set) var status: String
    private let hash: String?

    /// - Parameters:
    ///   - card: Whose presence it is.
    ///   - capabilities: What the address can do.
    ///   - status: The line that clients show beside the name.
    public init(card: ContactCard, capabilities: EntityCapabilities, status: String) {
        self.card = card
        self.capabilities = capabilities
        self.status = status
        hash = card.avatar?.hash
    }

    /// That we are there, as a subscriber of our presence or somebody's server gets it.
    public func available(to person: JID) -> Presence {
        Presence(.available, from: fullAddress, to: person) {
            Element("status") { status }
            Element("nick", in: .nick) { card.title }
            if let capabilities = capabilities.element { capabilities }
            // Empty where there is no picture, so that none is looked for (XEP-0153 §4.1).
            Element("x", in: .vCardUpdate) {
                if let hash { Element("photo") { hash } } else { Element("photo") }
            }
        }
    }

    /// That we are gone, when the program ends: nobody else would say so.
    public func unavailable(to person: JID) -> Presence {
        Presence(.unavailable, from: fullAddress, to: person.bare)
    }

    /// The answers to somebody who wants our presence: it is granted, and here it is.
    public func granted(to person: JID) -> [Presence] {
        [
            Presence(.subscribed, from: card.address, to: person.bare),
            available(to: person.bare),
        ]
    }

    /// The answers to somebody who wants it no more.
    public func ended(for person: JID) -> [Presence] {
        [
            unavailable(to: person),
            Presence(.unsubscribed, from: card.address, to: person.bare),
        ]
    }

    private var fullAddress: JID {
        (try? card.address.with(resourcepart: Self.resource)) ?? card.address
    }
}
