public import Commands
public import XMPP

/// A line that somebody addressed to us in a room.
public struct RoomCommand: Hashable, Sendable {
    public let room: JID
    /// The command line, without `!` or our nick.
    public let line: String
    /// Who says so, with the role that the room's presence gave at that moment.
    public let invoker: Invoker
    /// The language to answer in: that of the message, or the room's if it names none.
    public let language: String
    let original: RoomMessage
    /// The sign that it was given by, if it was not written.
    var sign: SpentSign?
    /// Whether it answers somebody's message (XEP-0461).
    public var isReply = false
}

/// A sign at a message (XEP-0444) that has given a command, and gives no second one.
enum SpentSign: Hashable, Sendable {
    case approval(message: String, person: String)
    case news(message: String)
}

/// A message that somebody in a room addressed to us, as it stood.
struct RoomMessage: Hashable, Sendable {
    let nick: String
    /// Without quotations of others.
    let text: String
    /// By which the room's members know the message (XEP-0359 §3.2).
    let stanzaID: String?
}
