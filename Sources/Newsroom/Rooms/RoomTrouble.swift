import Localization
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
    public var description: String { text(in: NewsroomTexts.english) }

    /// What happened and, where somebody can do something about it, what.
    func text(in texts: Texts) -> String {
        switch self {
        case .passwordRequired: texts("trouble.password")
        case .banned: texts("trouble.banned")
        case .membersOnly: texts("trouble.membersOnly")
        case .nicknameTaken(let nick): texts("trouble.nickTaken", ["nick": nick])
        case .nicknameReserved: texts("trouble.nickReserved")
        case .locked: texts("trouble.locked")
        case .creationRestricted: texts("trouble.noCreation")
        case .fullOrUnavailable: texts("trouble.full")
        case .serverNotReached(let condition):
            texts("trouble.serverNotReached", ["condition": condition.rawValue])
        case .noAnswer: texts("trouble.noAnswer")
        case .refused(let error): texts("trouble.refused", ["reason": error])
        case .kicked(let note): texts("trouble.kicked", ["note": Self.appended(note)])
        case .expelled(let note): texts("trouble.expelled", ["note": Self.appended(note)])
        case .noLongerMember(let note):
            texts("trouble.noLongerMember", ["note": Self.appended(note)])
        case .destroyed(let alternative, let reason):
            [
                texts("trouble.destroyed", ["note": Self.appended(reason.map { "“\($0)”" })]),
                alternative.map { texts("trouble.successor", ["room": $0]) },
                texts("trouble.configuration"),
            ]
            .compactMap(\.self).joined(separator: " ")
        case .shutDown: texts("trouble.shutDown")
        case .technicalProblem: texts("trouble.technical")
        case .disappeared: texts("trouble.disappeared")
        case .forgotten(let condition):
            texts("trouble.forgotten", ["condition": condition.rawValue])
        }
    }

    private static func appended(_ note: String?) -> String {
        note.map { " (\($0))" } ?? ""
    }
}
