public import XMPP

/// An invitation to a room, whether from somebody (XEP-0249) or through the room (XEP-0045 §7.8.2).
public struct RoomInvitation: Hashable, Sendable {
    public let room: JID
    public let inviter: JID
    public let password: String?
    /// The newsletter's address that is invited.
    public let contact: JID

    /// Nil if the message is none; one that was kept somewhere is too old to follow.
    public init?(_ message: Message) {
        guard message.type == .normal || message.type == .chat, !message.isDelayed,
            let sender = message.from, let contact = message.to
        else { return nil }
        self.contact = contact.bare
        if let details = message.child("x", in: .mucUser) {
            guard let inviter = details.child("invite")?["from"].flatMap({ try? JID($0) }) else {
                return nil
            }
            (room, self.inviter) = (sender.bare, inviter.bare)
            password = details.child("password")?.text
        } else if let details = message.child("x", in: .directInvitation) {
            guard let room = details["jid"].flatMap({ try? JID($0) }), room.localpart != nil else {
                return nil
            }
            (self.room, inviter) = (room.bare, sender.bare)
            password = details["password"]
        } else {
            return nil
        }
    }
}
