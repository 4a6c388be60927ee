public import XMPP

/// A room that the newsletter sits in, and as whom.
public struct RoomConfiguration: Hashable, Sendable {
    /// The room's bare address.
    public let room: JID
    /// The full address of ours that is the occupant's real one, `newsletter@news.example/Nick`.
    ///
    /// With a localpart, since clients drop occupants whose real address has none.
    public let address: JID
    /// The nick we want; we may be in the room under another while somebody else holds it.
    public let nick: String
    public let password: String?
    public let timings: RoomTimings
    /// The sign by which editors collect somebody's message as news; nil if there is none.
    public var newsSign: String?
    /// How many of the room's last messages are remembered for that.
    public var rememberedMessages = 0
    /// Whether a `!` before a word makes it a command, as well as our nick does.
    ///
    /// Among other bots it does not.
    public var hearsMarks = true
    /// Whether what is said there is sent by others too, so that each error of the room concerns us.
    public var carriesDeliveries = false
    /// Whom of those in the room we remember.
    public var known = KnownOccupants.all
    /// Whether we open a room that our joining makes; otherwise we leave it and try again later.
    public var opensRooms = true
    /// In which is answered to messages that name no language of theirs.
    public var language = "en"

    /// - Throws: `JIDError` if the nick can't be a resourcepart (XEP-0045 §6.1).
    public init(
        room: JID,
        contact: JID,
        nick: String,
        password: String? = nil,
        timings: RoomTimings = RoomTimings()
    ) throws(JIDError) {
        self.room = room.bare
        address = try contact.with(resourcepart: nick)
        self.nick = try room.with(resourcepart: nick).resourcepart ?? nick
        self.password = password
        self.timings = timings
    }
}

/// Whom of those in a room we remember; a foreign room can show us as many as it likes.
public enum KnownOccupants: Hashable, Sendable {
    case all
    /// Its owners and admins, the first so many, and of them no hats and no ids.
    case admins(most: Int)

    /// What is remembered of somebody beside so many others; nil if nothing is.
    func note(on occupant: Occupant, beside others: Int) -> Occupant? {
        guard case .admins(let most) = self else { return occupant }
        guard occupant.affiliation == .owner || occupant.affiliation == .admin, others < most
        else { return nil }
        var note = occupant
        (note.hats, note.occupantID) = ([], nil)
        return note
    }
}

/// How long we wait for what in a room.
public struct RoomTimings: Hashable, Sendable {
    /// For the next presence of a room that we are joining.
    public var joining: Duration = .seconds(60)
    /// Without a word from the room, before we ask whether we are still in it (XEP-0410 §3).
    public var silence: Duration = .seconds(15 * 60)
    /// Before that question is asked again if no answer told.
    public var asking: Duration = .seconds(60)
    /// Before the first try to return after an accident, such as a restart of the room's server.
    public var afterAccident: Duration = .seconds(5)
    /// Before the first try to return after we were shown out, or the room was full.
    public var afterKick: Duration = .seconds(30)
    /// The longest of the growing waits, and the wait for what only a person can change.
    public var longest: Duration = .seconds(15 * 60)
    /// In the room, after which earlier troubles are forgotten.
    public var settling: Duration = .seconds(10 * 60)

    public init() {}
}
