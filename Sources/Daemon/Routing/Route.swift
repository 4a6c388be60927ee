import PubSub
import XML
import XMPP

/// Where a stanza belongs, by its kind, its addresses and its namespace.
enum Route: Hashable {
    /// A request to the service's domain.
    case service(IQ)
    /// A request to one of the newsletters' contacts, whether bare or as a room's occupant.
    case contact(IQ, JID)
    /// From a room we sit in, or from somebody in it.
    case room(JID, Stanza)
    /// An owner of a node has decided who may subscribe.
    case decision(Message)
    /// Somebody writes to the domain or to a contact.
    case chat(Message)
    /// A message of ours came back.
    case bounce(Message)
    /// What we sent to ourselves, to see whether it arrives.
    case token(String)
    /// To an address where nobody is; the error goes back.
    case nobody(Stanza)
    /// Answers nobody waits for any more, and presence, which nothing here depends on yet.
    case nothing
}

/// The addresses we answer at, and the rooms we sit in.
struct AddressBook: Hashable, Sendable {
    let domain: JID
    let contacts: Set<JID>
    let rooms: Set<JID>

    func route(_ stanza: Stanza) -> Route {
        if let sender = stanza.from, rooms.contains(sender.bare), !stanza.isRequest {
            return .room(sender.bare, stanza)
        }
        switch stanza {
        case .iq(let iq): return route(iq)
        case .message(let message): return route(message)
        case .presence: return .nothing
        }
    }

    private func route(_ iq: IQ) -> Route {
        guard iq.type.isRequest, let to = iq.to else { return .nothing }
        if to == domain { return .service(iq) }
        if contacts.contains(to.bare) { return .contact(iq, to.bare) }
        return .nobody(.iq(iq))
    }

    private func route(_ message: Message) -> Route {
        guard let to = message.to else { return .nothing }
        guard message.type != .error else { return .bounce(message) }
        if let token = TwinCheck.token(in: message, domain: domain) { return .token(token) }
        if to == domain, PubSubService.isDecision(message) { return .decision(message) }
        if to.bare == domain || contacts.contains(to.bare) { return .chat(message) }
        return .nobody(.message(message))
    }
}

extension Stanza {
    /// Whether somebody waits for an answer: a room passes on its occupants' requests.
    fileprivate var isRequest: Bool {
        if case .iq(let iq) = self { iq.type.isRequest } else { false }
    }

    /// What goes back when nobody is there; nil if nothing may (RFC 6120 §8.3.1).
    func refusal(_ error: StanzaError) -> Stanza? {
        switch self {
        case .iq(let iq) where iq.type.isRequest: .iq(iq.reply(error: error))
        case .message(let message) where message.type != .error && message.type != .headline:
            .message(message.reply(error: error))
        default: nil
        }
    }
}
