public import XMPP

/// The long-lived standing of a person with a room (XEP-0045 §5.2).
public enum RoomAffiliation: String, Hashable, Sendable, CaseIterable {
    case owner, admin, member, none, outcast
}

/// What somebody may do during this visit to a room (XEP-0045 §5.1).
public enum RoomRole: String, Hashable, Sendable, CaseIterable {
    case moderator, participant, visitor, none
}

/// Somebody in a room, as the room's own presence describes them.
public struct Occupant: Hashable, Sendable {
    public var nick: String
    /// The full address behind the nick, if the room shows it to us.
    public var realJID: JID?
    public var affiliation: RoomAffiliation
    public var role: RoomRole
    /// The same for each visit of one account, whatever the nick (XEP-0421).
    public var occupantID: String?
    /// The URIs of the hats (XEP-0317) that the presence shows; only a room that knows hats makes
    /// sure that nobody puts one on.
    public var hats: Set<String>

    public init(
        nick: String,
        realJID: JID? = nil,
        affiliation: RoomAffiliation = .none,
        role: RoomRole = .none,
        occupantID: String? = nil,
        hats: Set<String> = []
    ) {
        self.nick = nick
        self.realJID = realJID
        self.affiliation = affiliation
        self.role = role
        self.occupantID = occupantID
        self.hats = hats
    }
}
