import Delivery
import XMPP

extension Message {
    /// Tells a reader that nothing more is sent, in the language the issues had.
    ///
    /// A room gets it as one of those in it, since it takes nothing else from us. Sent once: a copy
    /// that comes back is none of the delivery's.
    init(suspending bounce: Bounce) {
        let texts = DaemonTexts.all.texts(in: bounce.language ?? "en")
        self.init(
            bounce.reader.choice.form == .room ? .groupchat : .chat,
            id: "suspended-\(bounce.reader.id.rawValue)",
            from: bounce.sender,
            to: bounce.reader.jid,
            xmlLang: texts.language,
            body: ([texts("reader.suspended")] + Self.wayBack(from: bounce)).joined(separator: "\n")
        )
    }

    /// What somebody who reads in a chat can tap to begin anew.
    private static func wayBack(from bounce: Bounce) -> [String] {
        guard bounce.reader.choice.form == .chat, let contact = bounce.sender else { return [] }
        return [MessageURI(to: contact.bare, body: "subscribe").description]
    }
}
