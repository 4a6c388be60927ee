public import XMPP

/// An invitation to a room, whether from somebody (XEP-0249) or through the room (XEP-0045 §7.8.2).
public struct RoomInvitation: Hashable, Sendable {
    public let room: JID
    public let inviter: JID
    public let password: String?
    /// Whose invitation it is as far as anybody vouches for it: the person's who sent it, or that
    /// person's at the room's service, which says who has asked it to.
    public let voucher: JID
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
            guard let service = try? JID(domainpart: room.domainpart),
                let voucher = try? service.with(resourcepart: inviter.bare.description)
            else { return nil }
            self.voucher = voucher
            password = details.child("password")?.text
        } else if let details = message.child("x", in: .directInvitation) {
            guard let room = details["jid"].flatMap({ try? JID($0) }), room.localpart != nil else {
                return nil
            }
            (self.room, inviter, voucher) = (room.bare, sender.bare, sender.bare)
            password = details["password"]
        } else {
            return nil
        }
    }
}
