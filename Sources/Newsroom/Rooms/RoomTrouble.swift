public import XMPP

/// Why we are not in a room that we should be in.
public enum RoomTrouble: Hashable, Sendable {
    // MARK: Refused at the door (XEP-0045 §7.2)

    case passwordRequired
    case banned
    case membersOnly
    /// Every nick that was tried is in use.
    case nicknameTaken(String)
    /// The nick is somebody's by registration, or the room insists on another.
    case nicknameReserved
    /// The room does not exist, or its owner has not finished making it.
    case locked
    /// The room does not exist, and we may not make it.
    case creationRestricted
    /// Full, or there is no such service.
    case fullOrUnavailable
    case serverNotReached(StanzaError.Condition)
    case noAnswer
    case refused(StanzaError)

    // MARK: Put out (XEP-0045 §15.6.2)

    /// By whom and why, if the room says so; likewise below.
    case kicked(String?)
    case expelled(String?)
    case noLongerMember(String?)
    case destroyed(alternative: JID?, reason: String?)
    case shutDown
    case technicalProblem
    /// The room says that we left, and not why.
    case disappeared
    /// The room does not count us among its occupants although nothing told us (XEP-0410 §3).
    case forgotten(StanzaError.Condition)

    /// What an error in answer to our joining means (XEP-0045 §7.2).
    init(joiningFailedWith error: StanzaError, nick: String) {
        self =
            switch error.condition {
            case .notAuthorized: .passwordRequired
            case .forbidden: .banned
            case .registrationRequired: .membersOnly
            case .conflict: .nicknameTaken(nick)
            case .notAcceptable: .nicknameReserved
            case .itemNotFound: .locked
            case .notAllowed: .creationRestricted
            case .serviceUnavailable: .fullOrUnavailable
            case .remoteServerNotFound, .remoteServerTimeout: .serverNotReached(error.condition)
            default: .refused(error)
            }
    }

    /// How soon it is worth another try.
    enum Outlook {
        /// An accident that heals by itself.
        case soon
        /// Somebody may not want us there at the moment.
        case later
        /// A person has to change something first.
        case slow
    }

    var outlook: Outlook {
        switch self {
        case .serverNotReached, .noAnswer, .shutDown, .technicalProblem, .disappeared, .forgotten:
            .soon
        case .kicked, .fullOrUnavailable, .nicknameTaken, .refused:
            .later
        case .passwordRequired, .banned, .membersOnly, .nicknameReserved, .locked,
            .creationRestricted, .expelled, .noLongerMember, .destroyed:
            .slow
        }
    }
}

extension RoomTrouble: CustomStringConvertible {
    /// What happened and, where somebody can do something about it, what.
    public var description: String {
        switch self {
        case .passwordRequired:
            "The room wants another password (not-authorized). Set it in the configuration."
        case .banned:
            "We are banned from the room (forbidden). Ask one of its admins to lift the ban."
        case .membersOnly:
            "The room is for members only (registration-required). "
                + "Ask one of its admins to make the newsletter's address a member."
        case .nicknameTaken(let nick):
            "The nick '\(nick)' and the ones like it are taken (conflict). "
                + "Set another in the configuration, or ask its holder to change."
        case .nicknameReserved:
            "The room does not let us use this nick (not-acceptable). "
                + "Set another in the configuration."
        case .locked:
            "The room does not exist or is not open yet (item-not-found). "
                + "Compare its address with the configuration, or ask its owner to set it up."
        case .creationRestricted:
            "The room does not exist and we may not make it (not-allowed). "
                + "Compare its address with the configuration, or ask its service's admin."
        case .fullOrUnavailable:
            "The room is full, or its service does not answer (service-unavailable)."
        case .serverNotReached(let condition):
            "The room's server can't be reached (\(condition.rawValue))."
        case .noAnswer:
            "The room did not answer."
        case .refused(let error):
            "The room refused us (\(error))."
        case .kicked(let note):
            "We were kicked from the room\(Self.appended(note))."
        case .expelled(let note):
            "We were banned from the room\(Self.appended(note)). "
                + "Ask one of its admins to lift the ban."
        case .noLongerMember(let note):
            "The room is for members only and we are none any more\(Self.appended(note)). "
                + "Ask one of its admins to make the newsletter's address a member."
        case .destroyed(let alternative, let reason):
            "The room was destroyed\(Self.appended(reason.map { "“\($0)”" })). "
                + (alternative.map { "It names \($0) instead. " } ?? "")
                + "Change the configuration."
        case .shutDown:
            "The room's service was shut down."
        case .technicalProblem:
            "We lost the room by a technical problem between the servers."
        case .disappeared:
            "The room says that we left."
        case .forgotten(let condition):
            "The room does not count us among its occupants any more (\(condition.rawValue))."
        }
    }

    private static func appended(_ note: String?) -> String {
        note.map { " (\($0))" } ?? ""
    }
}
