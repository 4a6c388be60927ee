import Foundation
import Localization
import XML
import XMPP

/// What we say in a room, and by which ids we know it again.
struct RoomSpeech {
    /// More than are ever on their way at once.
    private static let remembered = 100

    private let address: JID
    private let room: JID
    private var ids: [String] = []
    /// Those of our messages at which a sign approves an issue.
    private var requests = ApprovalRequests()

    init(_ configuration: RoomConfiguration) {
        address = configuration.address
        room = configuration.room
    }

    /// Whether the room's message with that id is one of ours.
    func isSent(_ id: String) -> Bool {
        ids.contains(id)
    }

    /// One of our messages came back, with the id by which the room's members know it.
    mutating func reflected(_ id: String, as stanzaID: String) {
        requests.reflected(id, as: stanzaID)
    }

    /// What the signs of somebody at a message of ours ask for; nil if nothing.
    mutating func command(by signs: [String], of person: String, at message: String) -> String? {
        requests.command(by: signs, of: person, at: message)
    }

    /// Nothing came of what somebody's signs asked for last.
    mutating func dropped(signOf person: String, at message: String) {
        requests.dropped(signOf: person, at: message)
    }

    /// A message to all, as a reply if there is something to reply to (XEP-0461).
    ///
    /// Where the room gives no ids to messages there can't be replies, and we say the nick.
    ///
    /// With `issue`, a sign on it approves that issue.
    mutating func message(
        _ text: String,
        replyingTo original: RoomMessage?,
        approving issue: String? = nil
    ) -> Message {
        let id = freshID()
        if let issue { requests.sent(id, about: issue) }
        guard let original else {
            return Message(.groupchat, id: id, from: address, to: room, body: text)
        }
        guard let stanzaID = original.stanzaID,
            let author = try? room.with(resourcepart: original.nick)
        else {
            let addressed = "\(original.nick): \(text)"
            return Message(.groupchat, id: id, from: address, to: room, body: addressed)
        }
        let quotation = ReplyFallback.quotation(of: original.text)
        return Message(.groupchat, id: id, from: address, to: room, body: quotation + text) {
            Element("reply", in: .reply, ["to": author.description, "id": stanzaID])
            ReplyFallback.element(length: quotation.unicodeScalars.count)
        }
    }

    /// The text in place of what one of our messages said (XEP-0308 §4).
    mutating func correction(_ text: String, of id: String) -> Message {
        Message(.groupchat, id: freshID(), from: address, to: room, body: text) {
            Element("replace", in: .correction, ["id": id])
        }
    }

    /// Takes one of our messages back, by the id that the room gave it (XEP-0424 §4.1); the text is for
    /// clients that can't.
    mutating func retraction(of stanzaID: String, saying text: String) -> Message {
        Message(.groupchat, id: freshID(), from: address, to: room, body: text) {
            Element("retract", in: .retraction, ["id": stanzaID])
            Element("fallback", in: .fallback, ["for": Namespace.retraction.rawValue])
            Element("store", in: .hints)
        }
    }

    /// Shows by a sign that a message was taken (XEP-0444); nil where the room gives messages no
    /// ids to refer to them by.
    mutating func reaction(_ sign: String, to original: RoomMessage) -> Message? {
        guard let stanzaID = original.stanzaID else { return nil }
        return Message(.groupchat, id: freshID(), from: address, to: room) {
            Element("reactions", in: .reactions, ["id": stanzaID]) {
                Element("reaction") { sign }
            }
            Element("store", in: .hints)
        }
    }

    private mutating func freshID() -> String {
        let id = Message.freshID()
        ids.append(id)
        ids.removeFirst(max(0, ids.count - Self.remembered))
        return id
    }

    /// The answer to somebody who writes to us alone through the room.
    func hint(to nick: String, in language: String) -> Message? {
        let texts = NewsroomTexts.all.texts(in: language)
        return whisper(texts("room.hint", ["contact": address.bare]), to: nick)
    }

    /// A message to one occupant alone; nil if the nick can't be part of an address.
    func whisper(_ text: String, to nick: String) -> Message? {
        guard let occupant = try? room.with(resourcepart: nick) else { return nil }
        return Message(.chat, id: Message.freshID(), from: address, to: occupant, body: text) {
            Element("x", in: .mucUser)
        }
    }
}

/// Why something could not be said in a room.
public enum RoomSpeechError: Error, Hashable, Sendable, CustomStringConvertible {
    case notInRoom(RoomStatus)
    case streamClosed

    public var description: String { explanation(in: NewsroomTexts.english) }
}

extension RoomSpeechError: Explained {
    func explanation(in texts: Texts) -> String {
        switch self {
        case .notInRoom(let status): "\(texts("room.silent")) \(status.text(in: texts))"
        case .streamClosed: texts("room.streamEnded")
        }
    }
}
