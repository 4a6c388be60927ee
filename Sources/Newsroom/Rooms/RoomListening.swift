import XMPP

/// Tells what is meant for us from all that is said in a room.
///
/// A correction (XEP-0308) counts like any message: whoever mends a mistyped command wants it run.
struct RoomListening {
    /// What a message from the room is to us.
    enum Heard: Hashable {
        case command(String, RoomMessage)
        /// The signs somebody shows at a message now, in place of those before (XEP-0444 §3.2).
        case reaction([String], toMessage: String, RoomMessage)
        /// Said to us alone, through the room (XEP-0045 §7.5).
        case privateMessage(nick: String)
        case nothing(Reason)
    }

    /// Why a message is no command.
    enum Reason: Hashable {
        case anError, delayed, ours, notFromAnOccupant, withoutText, aSubject, aQuotation
        case notAddressed
    }

    /// Our own nick in the room.
    let nick: String
    let room: JID
    /// Whether a message with that id is one that we sent.
    let isSent: (String) -> Bool
    /// See ``RoomConfiguration/hearsMarks``.
    var hearsMarks = true

    func hear(_ message: Message) -> Heard {
        guard message.type != .error else { return .nothing(.anError) }
        guard let sender = message.from?.resourcepart else { return .nothing(.notFromAnOccupant) }
        guard !message.isDelayed, message.child("x", in: .legacyDelay) == nil else {
            return .nothing(.delayed)
        }
        guard sender != nick, message.id.map(isSent) != true else { return .nothing(.ours) }
        guard message.subject == nil else { return .nothing(.aSubject) }
        if message.type == .groupchat, let reaction = reaction(in: message, from: sender) {
            return reaction
        }
        guard let body = ReplyFallback.removed(from: message) else { return .nothing(.withoutText) }
        guard message.type == .groupchat else { return .privateMessage(nick: sender) }
        return hear(body, from: sender, stanzaID: message.stanzaID(by: room))
    }

    private func reaction(in message: Message, from sender: String) -> Heard? {
        guard let reactions = message.child("reactions", in: .reactions),
            let original = reactions["id"]
        else { return nil }
        let signs = reactions.children("reaction").map(\.text)
        return .reaction(
            signs,
            toMessage: original,
            RoomMessage(
                nick: sender,
                text: signs.joined(),
                stanzaID: message.stanzaID(by: room)
            )
        )
    }

    /// What somebody else said to all, whether to us or not; nil if it is nothing of that kind.
    func said(in message: Message) -> RoomMessage? {
        guard message.type == .groupchat, let sender = message.from?.resourcepart, sender != nick,
            message.subject == nil, let body = ReplyFallback.removed(from: message)
        else { return nil }
        let text = String(Self.trimmed(body[...]))
        return RoomMessage(nick: sender, text: text, stanzaID: message.stanzaID(by: room))
    }

    private func hear(_ body: String, from sender: String, stanzaID: String?) -> Heard {
        let text = Self.trimmed(body[...])
        guard !text.isEmpty else { return .nothing(.withoutText) }
        guard !Self.isQuotation(text) else { return .nothing(.aQuotation) }
        guard let line = addressed(text) else { return .nothing(.notAddressed) }
        guard !Self.isQuotation(line) else { return .nothing(.aQuotation) }
        let original = RoomMessage(nick: sender, text: String(text), stanzaID: stanzaID)
        return .command(line.isEmpty ? "help" : String(line), original)
    }

    /// What follows `!`, or `Nick:` or `Nick,`; nil if the text is for somebody else.
    ///
    /// A `!` counts only right before a letter, so that "!!!" stays an exclamation.
    private func addressed(_ text: Substring) -> Substring? {
        if hearsMarks, let line = Self.afterMark(text) { return line }
        let called = text.first == "@" ? text.dropFirst() : text
        let beginning = called.prefix(nick.count)
        let rest = called.dropFirst(nick.count)
        guard beginning.lowercased() == nick.lowercased(), let mark = rest.first,
            mark == ":" || mark == ","
        else { return nil }
        let line = Self.trimmed(rest.dropFirst())
        return Self.afterMark(line) ?? line
    }

    private static func afterMark(_ text: Substring) -> Substring? {
        let rest = text.dropFirst()
        return text.first == "!" && rest.first?.isLetter == true ? rest : nil
    }

    private static func isQuotation(_ text: Substring) -> Bool {
        text.first == ">" || text.first == "»"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

}

extension Message {
    /// Only the id that the room itself gave counts; others' are anybody's claim.
    func stanzaID(by room: JID) -> String? {
        children.first {
            $0.isNamed("stanza-id", in: .stanzaIDs) && $0["by"] == room.description
        }?["id"]
    }
}
