/// What becomes of us in a room, for whoever decides whether we belong there.
public enum RoomTurn: Hashable, Sendable {
    /// We are in it, and know who else is.
    case joined
    /// There was no such room before.
    case made
    /// Somebody does not want us there, or the room is no more.
    case shownOut

    /// Nil for what passes by itself.
    init?(_ report: RoomReport) {
        switch report {
        case .joined: self = .joined
        case .created: self = .made
        case .waiting(let trouble, _) where trouble.isDecision: self = .shownOut
        case .waiting, .nickTaken, .renamed, .rejoining, .unreachable, .reachable, .voiceless:
            return nil
        }
    }
}

extension RoomTrouble {
    /// Whether somebody has decided it, rather than that it happened.
    fileprivate var isDecision: Bool {
        switch self {
        case .kicked, .expelled, .noLongerMember, .destroyed, .banned, .membersOnly,
            .creationRestricted, .locked:
            true
        // A room that was given a password wants its people to know it, not us to go.
        case .passwordRequired, .nicknameTaken, .nicknameReserved, .fullOrUnavailable,
            .serverNotReached, .noAnswer,
            .refused, .shutDown, .technicalProblem, .disappeared, .forgotten:
            false
        }
    }
}
