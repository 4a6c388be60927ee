public import Commands
public import XMPP

/// Who may do what: by the affiliation or the hats that a configured room states, or by bare address.
///
/// Nothing else gives a role, and never a nick, which anybody can take.
public struct RightsTable: Hashable, Sendable {
    private let rooms: [JID: [RoomAffiliation: Role]]
    private let hats: [JID: [String: Role]]
    private let people: [JID: Role]

    /// - Parameters:
    ///   - rooms: For each configured room what an affiliation with it gives; those that are left
    ///     out give `reader`.
    ///   - hats: For each configured room what its hats (XEP-0317) give, by their URIs.
    ///   - people: What a person has wherever their real address is known.
    public init(
        rooms: [JID: [RoomAffiliation: Role]],
        hats: [JID: [String: Role]] = [:],
        people: [JID: Role] = [:]
    ) {
        self.rooms = Dictionary(
            rooms.map { ($0.key.bare, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        self.hats = Dictionary(
            hats.map { ($0.key.bare, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        self.people = Dictionary(people.map { ($0.key.bare, $0.value) }, uniquingKeysWith: min)
    }

    /// The affiliations that give the role in a room, strongest first.
    func affiliations(giving role: Role, in room: JID) -> [RoomAffiliation] {
        RoomAffiliation.allCases.filter { rooms[room.bare]?[$0] == role }
    }

    /// The hats that give the role in a room, in the order of their URIs.
    func hats(giving role: Role, in room: JID) -> [String] {
        (hats[room.bare] ?? [:]).filter { $0.value == role }.keys.sorted()
    }

    /// Whether any hat gives anything in a room.
    func hasHats(in room: JID) -> Bool { !(hats[room.bare] ?? [:]).isEmpty }

    /// How many people have a role by their address.
    var namedPeople: Int { people.count }

    /// The role of somebody in a room, as the room's presence describes them.
    ///
    /// Nil stands for somebody whom the room has not shown to us. In a room that is not
    /// configured, everybody is a reader: its service could state whatever it likes.
    public func role(of occupant: Occupant?, in room: JID) -> Role {
        guard let occupant, let affiliations = rooms[room.bare] else { return .reader }
        let asMember =
            occupant.hasStanding ? affiliations[occupant.affiliation] ?? .reader : .reader
        let own = hats[room.bare] ?? [:]
        let asBearer =
            occupant.hasStanding ? occupant.hats.compactMap { own[$0] }.max() ?? .reader : .reader
        let asPerson = occupant.realJID.map(role(of:)) ?? .reader
        return max(asMember, asBearer, asPerson)
    }

    /// The role of somebody who writes from their own address.
    ///
    /// The address must be one that a server vouches for, not one that goes through a room.
    public func role(of person: JID) -> Role {
        people[person.bare] ?? .reader
    }
}

extension Occupant {
    /// Whether the affiliation counts: not for outcasts, nor for visitors, who have no voice.
    var hasStanding: Bool {
        affiliation != .outcast && (role == .participant || role == .moderator)
    }
}
