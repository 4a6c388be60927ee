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
            body: texts("reader.suspended")
        )
    }
}
