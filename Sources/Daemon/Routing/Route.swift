import Availability
import PubSub
import Readers
import XML
import XMPP

/// Where a stanza belongs, by its kind, its addresses and its namespace.
enum Route: Hashable {
    /// A request to the service's domain.
    case service(IQ)
    /// A request to one of the newsletters' contacts, whether bare or as a room's occupant.
    case contact(IQ, JID)
    /// A step of a command that is run by a form, or a question about such commands, at the domain
    /// or at a contact.
    case command(IQ, JID)
    /// A registration with a newsletter (XEP-0077), at the domain or at a contact.
    case registration(IQ, JID)
    /// Somebody adds one of our addresses as a contact, removes it, or asks whether it is there.
    case presence(Presence, JID)
    /// From a room we sit in, or from somebody in it.
    case room(JID, Stanza)
    /// From a room in which issues are announced, or from somebody in it.
    case guestRoom(JID, Stanza)
    /// Through such a room, from nobody knows whom in it: it would be done in the room's name.
    case occupant(IQ)
    /// To a room, where issues could be announced.
    case invitation(RoomInvitation, Message)
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
    /// Answers nobody waits for any more, and presence that says nothing.
    case nothing
}

/// The addresses we answer at, and the rooms we sit in.
struct AddressBook: Hashable, Sendable {
    let domain: JID
    let contacts: Set<JID>
    let rooms: Set<JID>
    /// The nodes of the commands that can be run by forms (XEP-0050).
    let commands: Set<String>

    /// Each answer repeats the id of what it answers, so that it is not to be of any length; in bytes.
    static let longestID = 1_023

    /// - Parameters:
    ///   - stanza: What has arrived.
    ///   - guestRooms: Those in which issues are announced at the moment.
    /// - Returns: Where it belongs.
    func route(_ stanza: Stanza, guestRooms: ReadingRooms = ReadingRooms()) -> Route {
        guard stanza.id?.utf8.count ?? 0 <= Self.longestID else { return .nothing }
        if let sender = stanza.from, guestRooms.contains(sender.bare) {
            guard case .iq(let iq) = stanza, iq.type.isRequest else {
                return .guestRoom(sender.bare, stanza)
            }
            return routeFromOccupant(iq)
        }
        if let sender = stanza.from, rooms.contains(sender.bare), !stanza.isRequest {
            return .room(sender.bare, stanza)
        }
        switch stanza {
        case .iq(let iq): return route(iq)
        case .message(let message): return route(message)
        case .presence(let presence): return route(presence)
        }
    }

    private func route(_ presence: Presence) -> Route {
        guard let to = presence.to, to.bare == domain || contacts.contains(to.bare) else {
            return .nothing
        }
        switch presence.type {
        case .subscribe, .unsubscribe, .probe, .available, .unavailable:
            return .presence(presence, to.bare)
        case .subscribed, .unsubscribed, .error: return .nothing
        }
    }

    private func route(_ iq: IQ) -> Route {
        guard iq.type.isRequest, let to = iq.to else { return .nothing }
        let isOurs = to == domain || contacts.contains(to.bare)
        if isOurs, isAboutCommands(iq) { return .command(iq, to.bare) }
        let namespace = iq.payload?.namespace
        if isOurs, namespace == .registration { return .registration(iq, to.bare) }
        if isPersonal(iq, to) { return .contact(iq, domain) }
        if to == domain { return .service(iq) }
        if contacts.contains(to.bare) { return .contact(iq, to.bare) }
        return .nobody(.iq(iq))
    }

    /// The room passes on what its occupants ask, and its address is that of a reader.
    private func routeFromOccupant(_ iq: IQ) -> Route {
        let route = route(iq)
        switch route {
        case .command, .registration: return .occupant(iq)
        case .service where iq.type == .set || iq.payload?.isPubSub == true: return .occupant(iq)
        default: return route
        }
    }

    /// What people ask the domain as they would a contact: bare for its card, and at the full
    /// address its presence comes from for all.
    private func isPersonal(_ iq: IQ, _ to: JID) -> Bool {
        guard to.bare == domain, let payload = iq.payload else { return false }
        if to == domain { return payload.namespace.map(ContactDesk.personal.contains) == true }
        return to.resourcepart == ContactPresence.resource
    }

    /// The command with which owners decide who may subscribe is the service's.
    private func isAboutCommands(_ iq: IQ) -> Bool {
        guard let payload = iq.payload, let node = payload["node"] else { return false }
        return switch (payload.name, payload.namespace) {
        case ("command", .commands): node != PubSubService.pendingCommandNode
        case ("query", .discoItems): node == Namespace.commands.rawValue
        case ("query", .discoInfo): node == Namespace.commands.rawValue || commands.contains(node)
        default: false
        }
    }

    private func route(_ message: Message) -> Route {
        guard let to = message.to else { return .nothing }
        // An error that answers nothing of ours says nothing that anybody waits for.
        guard message.type != .error else {
            let mayBeOurs = message.mayAnswerDelivery || message.mayAnswerQuestion
            return mayBeOurs ? .bounce(message) : .nothing
        }
        if let token = TwinCheck.token(in: message, domain: domain) { return .token(token) }
        if to == domain, PubSubService.isDecision(message) { return .decision(message) }
        if contacts.contains(to.bare), let invitation = RoomInvitation(message) {
            return .invitation(invitation, message)
        }
        if to.bare == domain || contacts.contains(to.bare) { return .chat(message) }
        return .nobody(.message(message))
    }
}

extension Route {
    /// The message that came back, if it is one: those to rooms too concern the delivery.
    ///
    /// Only the room itself says that nothing reaches it (XEP-0045 §7.9). Whoever is in it has seen
    /// the id of what was announced, and may write to us through it.
    var bounce: Message? {
        switch self {
        case .bounce(let message): message
        case .guestRoom(let room, .message(let message))
        where message.type == .error && message.from == room:
            message
        default: nil
        }
    }
}

extension Element {
    fileprivate var isPubSub: Bool { namespace == .pubsub || namespace == .pubsubOwner }
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

extension Stanza {
    fileprivate var id: String? {
        switch self {
        case .iq(let iq): iq.id
        case .message(let message): message.id
        case .presence(let presence): presence.id
        }
    }
}
