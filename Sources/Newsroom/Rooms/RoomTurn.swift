/// What becomes of us in a room, for whoever decides whether we belong there.
public enum RoomTurn: Hashable, Sendable {
    /// We are in it, and know who else is.
    case joined
    /// There is no such room at the moment; we look again later.
    case missing
    /// Somebody does not want us there, or has ended the room.
    case shownOut

    /// Nil for what passes by itself.
    init?(_ report: RoomReport) {
        switch report {
        case .joined: self = .joined
        case .waiting(let trouble, _) where trouble.isAbsence: self = .missing
        case .waiting(let trouble, _) where trouble.isDecision: self = .shownOut
        case .created, .waiting, .nickTaken, .renamed, .rejoining, .unreachable, .reachable,
            .voiceless:
            return nil
        }
    }
}

extension RoomTrouble {
    /// Whether there is no such room, as after a restart of its server if it did not keep it.
    fileprivate var isAbsence: Bool { self == .locked || self == .creationRestricted }

    /// Whether somebody has decided it, rather than that it happened.
    fileprivate var isDecision: Bool {
        switch self {
        case .kicked, .expelled, .noLongerMember, .destroyed, .banned, .membersOnly:
            true
        // A room that was given a password wants its people to know it, not us to go.
        case .passwordRequired, .nicknameTaken, .nicknameReserved, .fullOrUnavailable,
            .creationRestricted, .locked, .serverNotReached, .noAnswer,
            .refused, .shutDown, .technicalProblem, .disappeared, .forgotten:
            false
        }
    }
}
