import Localization

/// How we stand with a room at this moment.
public enum RoomStatus: Hashable, Sendable {
    /// There is no stream, or we left the room.
    case offline
    case joining(nick: String)
    case joined(nick: String, occupants: Int)
    /// Outside, with the time that is left until the next try.
    case waiting(RoomTrouble, for: Duration)
}

extension RoomStatus: CustomStringConvertible {
    public var description: String { text(in: NewsroomTexts.english) }

    /// The same in the language, if it is one of ours.
    public func text(in language: String) -> String {
        text(in: NewsroomTexts.all.texts(in: language))
    }

    func text(in texts: Texts) -> String {
        switch self {
        case .offline:
            texts("room.offline")
        case .joining(let nick):
            texts("room.joining", ["nick": nick])
        case .joined(let nick, let occupants):
            texts("room.joined", ["nick": nick, "count": occupants])
        case .waiting(let trouble, let time):
            trouble.text(in: texts) + " "
                + texts("room.nextTry", ["seconds": time.roundedSeconds])
        }
    }
}

/// Something that happened to us in a room and is worth a line in the log.
enum RoomReport: Hashable, Sendable {
    case joined(nick: String)
    /// The room did not exist, and our joining made it.
    case created
    case nickTaken(String, trying: String)
    case renamed(String)
    case rejoining(RoomTrouble)
    case waiting(RoomTrouble, for: Duration)
    case unreachable, reachable
    case voiceless

    /// Whether somebody should look into it.
    var isWarning: Bool {
        switch self {
        case .joined, .renamed, .reachable: false
        case .created, .nickTaken, .rejoining, .waiting, .unreachable, .voiceless: true
        }
    }
}

extension RoomReport: CustomStringConvertible {
    var description: String {
        switch self {
        case .joined(let nick):
            "Joined the room as '\(nick)'."
        case .created:
            "The room did not exist, so joining has made it, with its service's defaults. "
                + "Compare its address with the configuration; if it is right, set the room up."
        case .nickTaken(let nick, let next):
            "The nick '\(nick)' is taken; trying '\(next)'."
        case .renamed(let nick):
            "We are '\(nick)' in the room now."
        case .rejoining(let trouble):
            "\(trouble) Joining again."
        case .waiting(let trouble, let time):
            "\(trouble) Next try in \(time.roundedSeconds) s."
        case .unreachable:
            "The room does not answer; it may be unreachable."
        case .reachable:
            "The room answers again."
        case .voiceless:
            "We may not speak in the room (forbidden). Ask one of its moderators for voice."
        }
    }
}

extension Duration {
    /// For people: 1.99 s are 2.
    fileprivate var roundedSeconds: Int64 {
        (self + .milliseconds(500)).components.seconds
    }
}
